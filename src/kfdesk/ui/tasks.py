# SPDX-License-Identifier: GPL-3.0-or-later
"""Awaitable jobs: a method of a page reads from top to bottom, though its work runs elsewhere.

A method marked by `task` is a coroutine. `await call(kit, service, ...)` runs the service on the
worker's thread and goes on in the window's thread with its result. A task is a child of its
page: if the page is deleted meanwhile, the rest of the method does not run. A KfdeskError that
the method does not catch goes to the page's `refuse`, or to the window if it has none.
"""

from collections.abc import Callable, Coroutine, Generator
from dataclasses import dataclass
from functools import partial, update_wrapper
from typing import Any, Concatenate, ParamSpec, Protocol, TypeVar, cast, runtime_checkable

from PySide6.QtCore import QObject

from kfdesk.domain.errors import KfdeskError
from kfdesk.ui.context import UiContext
from kfdesk.ui.translator import Message
from kfdesk.ui.worker import JobProgress

P = ParamSpec("P")
T = TypeVar("T")
Owner = TypeVar("Owner", bound=QObject)


@runtime_checkable
class ShowsRefusals(Protocol):
    """A page that shows a refusal itself."""

    def refuse(self, fault: KfdeskError) -> None:
        """Show what was refused and what to do."""


@dataclass(frozen=True, slots=True)
class _Request:
    """A job that a task waits for."""

    kit: UiContext
    function: Callable[[], Any]
    title: Message | None = None
    progress: JobProgress | None = None


class _Awaitable:
    """Object that `await` takes: it passes its request to the running task."""

    def __init__(self, request: _Request) -> None:
        self._request = request

    def __await__(self) -> Generator[_Request, Any, Any]:
        return (yield self._request)


async def call(kit: UiContext, function: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> T:
    """Run `function` on the worker's thread. Return its result, or raise its KfdeskError."""
    return cast("T", await _Awaitable(_Request(kit, partial(function, *args, **kwargs))))


async def call_long(
    kit: UiContext, title: Message, function: Callable[[JobProgress], T], progress: JobProgress
) -> T:
    """Do the same for a long job: the window shows `title`, the progress and a way to cancel."""
    return cast("T", await _Awaitable(_Request(kit, partial(function, progress), title, progress)))


def task(
    method: Callable[Concatenate[Owner, P], Coroutine[Any, Any, None]],
) -> Callable[Concatenate[Owner, P], None]:
    """Return the method as one that starts its coroutine and returns at the first `await`."""

    def start(owner: Owner, /, *args: P.args, **kwargs: P.kwargs) -> None:
        _Task(owner, method(owner, *args, **kwargs)).resume(None)

    update_wrapper(start, method)
    return start


class _Task(QObject):
    """A running coroutine; it ends with its owner."""

    def __init__(self, owner: QObject, steps: Coroutine[Any, Any, None]) -> None:
        super().__init__(owner)
        self._steps = steps
        self._kit: UiContext | None = None

    def resume(self, result: object) -> None:
        """Run until the next job, with the result of the last one."""
        self._run(lambda: self._steps.send(result))

    def fail(self, fault: KfdeskError) -> None:
        """Raise the fault of the last job inside the coroutine."""
        self._run(lambda: self._steps.throw(fault))

    def _run(self, step: Callable[[], _Request]) -> None:
        try:
            request = step()
        except StopIteration:
            self.deleteLater()
        except KfdeskError as fault:
            self._refuse(fault)
            self.deleteLater()
        else:
            self._kit = request.kit
            request.kit.worker.run(
                request.function,
                self.resume,
                self.fail,
                title=request.title,
                cancel=request.progress,
            )

    def _refuse(self, fault: KfdeskError) -> None:
        owner = self.parent()
        if isinstance(owner, ShowsRefusals):
            owner.refuse(fault)
        elif self._kit is not None:
            self._kit.events.failed.emit(fault)
        else:
            raise fault
