"""One article of our own in many formats, for tests of reading."""

import json

from fiction import STORY

PARAGRAPHS = [" ".join(paragraph.split()) for paragraph in STORY.strip().split("\n\n")]
TEXT = "\n".join(PARAGRAPHS)
TITLE = "Lamp of Cormorant Rock goes dark"


def page(paragraphs=PARAGRAPHS, *, head="", title=TITLE, site="The Pellan Post"):
    """Return the HTML of a page with menus around an article."""
    story = "".join(f"<p>{paragraph}</p>\n" for paragraph in paragraphs)
    return (
        f'<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8"><title>{title}</title>'
        f'<meta property="og:site_name" content="{site}">{head}</head>\n<body>'
        '<nav><ul><li><a href="/">Home</a></li><li><a href="/sport">Sport</a></li></ul></nav>'
        f"<article>\n{story}</article>"
        '<footer><a href="/privacy">Privacy</a> <a href="/about">About</a></footer></body></html>'
    )


def structured(**fields):
    """Return JSON-LD of an article, as pages have it in their head."""
    node = {"@context": "https://schema.org", "@type": "NewsArticle", **fields}
    return f'<script type="application/ld+json">{json.dumps({"@graph": [node]})}</script>'
