"""A page that takes a file as it is: larger than any form, and only from who may send so much."""

from typing import ClassVar

from tornado.web import stream_request_body

from npswidgets.server.pages.start_page import OperatorPage


@stream_request_body
class FilePage(OperatorPage):
    """The body of a request is the file.

    Attributes:
        most_sent: bytes; a longer request is refused before it is read.
        most_taken: bytes; of a longer file one part more is kept, which says that it is too long.
        longest_seconds: how long sending may take.
        given: the file.
    """

    most_sent: ClassVar[int]
    most_taken: ClassVar[int]
    longest_seconds: ClassVar[int]
    given: bytearray

    def may_send(self) -> bool:
        """Whether this browser may send a file here."""
        return self.is_operator()

    async def prepare(self) -> None:  # type: ignore[override]  # the base also takes an option of its own
        """Decides how much may come."""
        await super().prepare()
        self.given = bytearray()
        if self.may_send():
            self.request.connection.set_max_body_size(self.most_sent)  # type: ignore[union-attr]  # HTTP/1 has it
            self.request.connection.set_body_timeout(self.longest_seconds)  # type: ignore[union-attr]

    def data_received(self, chunk: bytes) -> None:
        """Takes what comes, and no more of it than says that it is too much."""
        if len(self.given) <= self.most_taken:
            self.given += chunk
