"""Where the families of commands add theirs to the command line of `agent-service`."""

from collections.abc import Callable

from agent_service.commands.invocation import Invocation
from protocol.i18n import Catalogue
from protocol.i18n.arguments import Parser

Work = Callable[[Invocation], None]
"""What a command does. Raises `Refused`."""


class Commands:
    """The place for commands: for the first word, or for the second of a group such as `user`."""

    def __init__(self, parser: Parser, catalogue: Catalogue, destination: str) -> None:
        self._parser = parser
        self._catalogue = catalogue
        self._names = parser.commands(destination)
        self._groups: dict[str, Commands] = {}

    def text(self, key: str) -> str:
        """A text of the help by its short key."""
        return self._catalogue.text(f"service.help.{key}")

    def add(self, name: str, help_key: str, work: Work) -> Parser:
        """A command on the database, which takes its folder and the settings."""
        parser = self.add_alone(name, help_key, work)
        parser.add_argument("--data", metavar="DIR", help=self.text("data"))
        parser.add_argument("--config", metavar="FILE", help=self.text("config"))
        return parser

    def add_alone(self, name: str, help_key: str, work: Work) -> Parser:
        """A command that needs neither a database nor settings."""
        parser = self._parser.command(self._names, name, self.text(help_key))
        parser.set_defaults(work=work)
        return parser

    def group(self, name: str, help_key: str) -> "Commands":
        """A group of commands; its name alone shows its help. Families may share one."""
        if name in self._groups:
            return self._groups[name]
        parser = self._parser.command(self._names, name, self.text(help_key))
        parser.set_defaults(parser=parser)
        self._groups[name] = Commands(parser, self._catalogue, f"{name} what")
        return self._groups[name]
