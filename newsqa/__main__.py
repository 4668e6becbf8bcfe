"""`python -m newsqa`."""

from newsqa.cli import main

main()
