"""Pages that the tests of segmentation and teasers share; all of it invented."""

from __future__ import annotations

from dataclasses import dataclass

TITLE = "Envoys meet in Port Alder to reopen the strait"


@dataclass(frozen=True)
class Story:
    """One teaser: section, headline and summary."""

    section: str
    headline: str
    summary: str


FRESH = Story(
    "WORLD",
    "Four hurt as ferry hits pier in Belmar: Mayor",
    "Mayor Ida Holt says four passengers were hurt on June 12 when a ferry hit the old pier.",
)
MONTHLY = Story(
    "ECONOMY",
    "Retail sales up in April",
    "Retail sales rose by 0.8 percent in April, the statistics office announced on June 12.",
)
STALE = Story(
    "SPORTS",
    "Northport through to the cup final after extra time",
    "Keeper Jan Olde saved three shots as Northport went through to the final on May 14 night.",
)
LISTED = (
    FRESH.headline,
    "Dockers end strike at the eastern terminal",
    "Lake towns ask for help after the flood",
)
ARTICLE = (
    "Envoys of both coasts met in Port Alder on June 12 to talk about reopening the strait.",
    "The talks are the third this year, and both sides hope for a treaty before the summer ends.",
    '"Nothing is agreed until everything is agreed," spokeswoman Mina Roth told reporters.',
)


def teaser(story: Story, gap: str = "\n\n") -> str:
    """Return a teaser whose headline stands twice, the first time behind its section."""
    return gap.join((f"{story.section} {story.headline}", story.headline, story.summary))


def numbered(headlines: tuple[str, ...]) -> str:
    """Return a numbered list that shows each headline twice."""
    return "\n\n".join(f"  {n}. {h}\n\n    {h}" for n, h in enumerate(headlines, 1))


def page(*teasers: str) -> str:
    """Return a page: headline, dateline, headline, article, two lists, teasers."""
    head = f"{TITLE}\n\nPORT ALDER\n{TITLE}\n\n"
    lists = f"LATEST NEWS\n\n{numbered(LISTED)}\nRecommended\n{numbered(LISTED[:2])}\n"
    return head + "\n\n".join(ARTICLE) + "\n\n" + lists + "\n".join(teasers) + "\n"


PAGE = page(teaser(FRESH), teaser(MONTHLY), teaser(STALE))
