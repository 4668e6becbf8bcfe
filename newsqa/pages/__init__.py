"""Pages of text: what is the article, and what the site has put around it."""

from newsqa.pages.lines import Line
from newsqa.pages.segment import Block, Figures, Page, segment
from newsqa.pages.teasers import Teaser
from newsqa.pages.vocabulary import KINDS, FurnitureKind, vocabulary

__all__ = [
    "KINDS",
    "Block",
    "Figures",
    "FurnitureKind",
    "Line",
    "Page",
    "Teaser",
    "segment",
    "vocabulary",
]
