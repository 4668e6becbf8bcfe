"""What goes wrong with newsqa itself, or with what its user wrote.

A fault of the data is never an exception: it is a `newsqa.finding.Finding`.
"""


class NewsqaError(Exception):
    """Newsqa cannot do what was asked; `where` and `hint` help to mend it.

    Args:
        fault: One sentence that says what is wrong.
        where: `path` or `path:line` of the text that has to change.
        hint: One sentence that says what to do.
    """

    def __init__(self, fault: str, *, where: str = "", hint: str = "") -> None:
        super().__init__(fault)
        self.fault = fault
        self.where = where
        self.hint = hint

    def __str__(self) -> str:
        head = f"{self.where}: {self.fault}" if self.where else self.fault
        return f"{head}\nhint: {self.hint}" if self.hint else head


class UsageError(NewsqaError):
    """The command line or a call asks for something that does not exist."""


class ConfigError(NewsqaError):
    """A configuration file does not say what newsqa understands."""


class RuleFileError(NewsqaError):
    """A rule file is not well formed, or its rules cannot be built."""


class SuiteError(NewsqaError):
    """A suite of expectations is not well formed, or asks for what the data cannot have."""


class WorkerError(NewsqaError):
    """Processes or machines that a check is shared among are lost."""
