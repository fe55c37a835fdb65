"""One request, as far as it matters below the edge: who calls, from which device, under which condition."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from google.api_core.datetime_helpers import DatetimeWithNanoseconds
from google.cloud.firestore import SERVER_TIMESTAMP, Client
from werkzeug.exceptions import Forbidden

from shared.firestore.client import UserClient
from shared.schemas.signature import SCHEMA_VERSION
from shared.schemas.strict import is_id

SESSION_LIFE = timedelta(days=30)  # after the last use


@dataclass(frozen=True)
class Caller:
    """The person behind a verified token."""

    uid: str
    name: str  # as the token says; a guest or a plain e-mail user has none
    provider: str  # anonymous, password, google.com, ...
    token: str = field(repr=False)  # passed on to Firestore; never logged

    @property
    def guest(self) -> bool:
        return self.provider == "anonymous"


@dataclass(frozen=True)
class Call:
    """What a request brings along beside its address and its body."""

    caller: Caller
    db: UserClient  # Firestore as the caller
    device: str | None = None  # X-Device-Id
    save_id: str | None = None  # X-Save-Id
    if_match: DatetimeWithNanoseconds | None = None  # the update time that the caller has seen
    user_agent: str = ""
    ip_address: str = ""  # as Hosting says
    began_at: datetime = field(default_factory=lambda: datetime.now(UTC))
    facts: dict[str, Any] = field(default_factory=dict)  # for the log's line

    def derived_id(self, of: str) -> str:
        """The id of what the caller makes of something, the same each time. The rules let nobody else take it."""
        whole = f"{self.caller.uid}.{of}"
        hashed = hashlib.sha256(of.encode(errors="replace")).hexdigest()[:32]
        return whole if is_id(whole) and "." not in of else f"{self.caller.uid}.{hashed}"

    def updated_by(self) -> dict[str, str]:
        """`updated_by` of what this request writes; firestore.rules compare uid and name with the token."""
        ids = {"device": self.device, "save_id": self.save_id}
        return {"uid": self.caller.uid, "name": self.caller.name} | {name: sent for name, sent in ids.items() if sent}

    def write_fields(self) -> dict[str, Any]:
        """Who writes, and with which version of the schema: the rules refuse an older one over a newer."""
        return {"updated_by": self.updated_by(), "schema_version": SCHEMA_VERSION}

    def session_write_fields(self) -> dict[str, Any]:
        """What every write to a session carries: it lives on for another month from now."""
        return {
            "last_accessed": SERVER_TIMESTAMP,
            "expires_at": datetime.now(UTC) + SESSION_LIFE,
            **self.write_fields(),
        }

    def last_saves(self) -> dict[str, str]:
        """What a save of a state adds to the document's `last_saves`: its X-Save-Id, under the id's first character.

        A client whose saves all begin alike finds its own last one there, whoever saved since. Nothing is read for it.
        """
        return {self.save_id[0]: self.save_id} if self.save_id else {}

    def last_save(self) -> dict[Any, str]:
        """The same as a field update."""
        return {("last_saves", first): save_id for first, save_id in self.last_saves().items()}

    def may_publish(self, sent: Mapping[str, Any]) -> None:
        """A guest's public work could never be traced to anybody. The rules hold this too; here it gets a reason."""
        if sent.get("visibility") == "public" and self.caller.guest:
            raise Forbidden("You are a guest, and publishing needs an account: sign in, your work comes along.")

    def if_unchanged(self, update_time: Any = None) -> Any:
        """The precondition for a write: the document as the If-Match saw it, or as it was read here; or None."""
        seen = update_time or self.if_match
        return seen and Client.write_option(last_update_time=seen.timestamp_pb())
