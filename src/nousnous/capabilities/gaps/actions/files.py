"""Beliefs of journey files: what `journeys` asks of whoever keeps beliefs."""

from collections.abc import Iterable

from nousnous.capabilities.gaps.actions.beliefs import write_belief
from nousnous.capabilities.gaps.models import Belief
from nousnous.facts.beliefs import Statement
from nousnous.workspaces.actions import audit
from nousnous.workspaces.models import Workspace


class FileBeliefs:
    """Keeps what a file states; the date in it is only what was stated, the seal is the server's alone."""

    def keep(self, workspace: Workspace, statements: Iterable[Statement], actor: str) -> None:
        """Keep the statements of a file; stating again what stands changes nothing, and nothing is taken away."""
        standing = set(Belief.objects.filter(workspace=workspace).current().values_list("id", flat=True))
        for statement in statements:
            belief = write_belief(workspace, statement)
            if belief.id not in standing:
                audit(workspace, actor, "write belief", belief.id)

    def of_journey(self, workspace: Workspace, journey_id: str) -> list[Statement]:
        """The beliefs that stand about a journey."""
        return [belief.statement for belief in Belief.objects.of_journey(workspace, journey_id).current()]
