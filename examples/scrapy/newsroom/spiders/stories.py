"""Follows the links of one page and reads the stories behind them."""

from collections.abc import AsyncIterator, Iterator
from typing import Any

import scrapy
from scrapy.http import Response

from newsroom.items import Story


class Stories(scrapy.Spider):
    """The stories that a front page links; `-a front=URL` names the page."""

    name = "stories"

    def __init__(self, front: str = "http://127.0.0.1:8000/", **options: Any) -> None:  # noqa: ANN401
        super().__init__(**options)
        self.front = front

    async def start(self) -> AsyncIterator[scrapy.Request]:
        """Begin at the front page."""
        yield scrapy.Request(self.front, self.front_page)

    def front_page(self, response: Response) -> Iterator[scrapy.Request]:
        """Follow the links in their order."""
        links = response.css("main a::attr(href)").getall()
        for place, link in enumerate(links):
            yield response.follow(link, self.story, priority=-place)

    def story(self, response: Response) -> Iterator[Story]:
        """Read one story."""
        yield Story(
            url=response.url,
            headline=response.css("h1::text").get(""),
            text="\n\n".join(response.css("article p::text").getall()),
            day=response.css("time::attr(datetime)").get(),
            publisher=response.css("meta[name=publisher]::attr(content)").get(),
        )
