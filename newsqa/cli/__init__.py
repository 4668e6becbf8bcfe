"""The command line.

Nothing here imports Polars, pandera, Jinja2 or rich: commands import what they need when they run,
so that `newsqa --help` answers at once.
"""

from __future__ import annotations

import os
import sys

import click

from newsqa import __version__
from newsqa.cli.accept import baseline, suppress
from newsqa.cli.check import check
from newsqa.cli.config import config
from newsqa.cli.inputs import profile, split
from newsqa.cli.rules import explain, rules, test
from newsqa.cli.runs import diff, history, report, show
from newsqa.cli.start import init
from newsqa.errors import NewsqaError, WorkerError
from newsqa.memory import collect_seldom

EXIT_USAGE = 2
EXIT_INTERNAL = 3
EXIT_INTERRUPTED = 130


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 96})
@click.version_option(__version__, prog_name="newsqa")
@click.option(
    "--color",
    type=click.Choice(["auto", "always", "never"]),
    default="auto",
    show_default=True,
    help="Colour in the output; auto respects NO_COLOR, FORCE_COLOR and TERM=dumb.",
)
@click.pass_context
def cli(context: click.Context, color: str) -> None:
    """The linter for scraped news.

    Point it at what a scraper wrote: newsqa check out/

    \b
    Exit status: 0 passed, 1 the data is bad, 2 usage or configuration,
    3 could not check, 5 nothing to check, 130 interrupted.
    """  # noqa: D301  \b is click's mark for text that keeps its line breaks
    if color != "auto":
        context.color = color == "always"
    elif os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb":
        context.color = False
    elif os.environ.get("FORCE_COLOR", "0") not in {"", "0", "false"}:
        context.color = True


_COMMANDS = (
    check, report, show, diff, history, baseline, suppress, split, profile, rules, explain, test,
    config, init,
)  # fmt: skip
for _command in _COMMANDS:
    cli.add_command(_command)


def main() -> None:
    """Run the command line; every expected error ends in one message and its exit status."""
    collect_seldom()
    try:
        sys.exit(cli(standalone_mode=False))
    except (click.exceptions.Abort, KeyboardInterrupt):
        _stop("interrupted: there is no verdict", EXIT_INTERRUPTED)
    except click.UsageError as error:
        usage = f"{error.ctx.get_usage()}\n" if error.ctx else ""
        _stop(f"{usage}error: {error.format_message()}", EXIT_USAGE)
    except click.ClickException as error:
        _stop(f"error: {error.format_message()}", EXIT_USAGE)
    except WorkerError as error:
        _stop(f"error: {error}", EXIT_INTERNAL)
    except NewsqaError as error:
        _stop(f"error: {error}", EXIT_USAGE)
    except BrokenPipeError:
        # The reader went away, as `head` does.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(0)
    except OSError as error:
        _stop(f"error: {error}", EXIT_INTERNAL)
    except Exception as error:  # noqa: BLE001  the last resort: say what to do, never exit with 1
        from newsqa.cli.terminal import report_crash

        report_crash(error)
        sys.exit(EXIT_INTERNAL)


def _stop(message: str, status: int) -> None:
    from newsqa.cli.terminal import say

    say(message)
    sys.exit(status)
