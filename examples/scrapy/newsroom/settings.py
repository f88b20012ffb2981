"""The settings of a crawl that stores no story twice."""

SPIDER_MODULES = ["newsroom.spiders"]
ROBOTSTXT_OBEY = True
CONCURRENT_REQUESTS = 1  # so that every crawl of the example meets the pages in one order

ADDONS = {"provenance.integrations.scrapy.ProvenanceAddon": 500}
PROVENANCE_INDEX = "stories.index"
PROVENANCE_FIELDS = {"published": "day"}  # our field for the date has a name of its own
