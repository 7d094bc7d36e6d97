"""An exercise of chapter 17, an application cluster: a Compose file of the reader's own."""

from __future__ import annotations

from netbook.learn.exercise import Exercise, Mistake
from netbook.learn.goals.links import On, OnlyOn
from netbook.learn.goals.reach import NotReaches, Reaches
from netbook.learn.goals.things import HasNetwork, Running


def _file(tram: str, depot: str, *, internal: bool = True, networks: bool = True) -> str:
    """A cell with `lab.compose`; tram and depot: the networks of these two."""

    def service(name: str, where: str, more: str = "") -> str:
        here = f", networks: [{where}]" if networks else ""
        return f"  {name}: {{image: busybox, command: httpd -f{here}{more}}}"

    said = [
        "name: line",
        "services:",
        service("tram", tram),
        service("rider", "street", ", depends_on: [tram]"),  # or chance decides who gets which address
        service("depot", depot, ", depends_on: [tram]"),
        "networks:",
        "  street: {ipam: {config: [{subnet: 10.97.16.0/24}]}}",
        "  yard:",
        f"    internal: {'true' if internal else 'false'}",
        "    ipam: {config: [{subnet: 10.97.17.0/24}]}",
    ]
    return "\n".join(['lab.compose("""', *said, '""")\n'])


EXERCISES = (
    Exercise(
        id="17-line",
        title="A file of your own",
        task=(
            "Write a Compose file, and bring it up. The project is called `line`, and has three services of "
            "the image `busybox`, each with the command `httpd -f`: `rider` on the network `street` (subnet "
            "10.97.16.0/24), `depot` on the network `yard` (subnet 10.97.17.0/24), which is internal, and "
            "`tram` on both.\n\n"
            "What you should find afterwards: `line-rider-1` on `line_street` alone, `line-depot-1` on "
            "`line_yard` alone, `line-tram-1` on both, and all three run; `line-rider-1` reaches "
            "`line-tram-1`, which reaches `line-depot-1`; `line-rider-1` does not reach `line-depot-1`; the "
            "network `line_yard` is internal.\n\n"
            "`lab.compose` takes a path, and also the text itself, between three quotation marks on each "
            "side. `busdriver`, who is there already, has nothing to do with it."
        ),
        start="""\
lab.run("busdriver", network="none")
""",
        goals=(
            Running("line-rider-1"),
            Running("line-tram-1"),
            Running("line-depot-1"),
            HasNetwork("line_yard", internal=True),
            OnlyOn("line-rider-1", ("line_street",)),
            OnlyOn("line-tram-1", ("line_street", "line_yard")),
            OnlyOn("line-depot-1", ("line_yard",)),
            Reaches("line-rider-1", "line-tram-1"),
            Reaches("line-tram-1", "line-depot-1"),
            NotReaches("line-rider-1", "line-depot-1", "line-tram-1"),
        ),
        mistakes=(
            Mistake(
                says=(
                    "All three are on one network that you did not name: a service that says nothing of "
                    "networks is put on the project's default network, with all others like it. What is "
                    "written below, at the end of the file, describes networks; it puts nobody on them."
                ),
                when=(On("line-rider-1", "line_default"), On("line-depot-1", "line_default")),
                program=_file("", "", networks=False),
            ),
            Mistake(
                says="Everything is wired as it should be, but the yard has a way out: it is not internal.",
                when=(HasNetwork("line_yard", internal=False), On("line-depot-1", "line_yard")),
                program=_file("street, yard", "yard", internal=False),
            ),
            Mistake(
                says="depot stands in the street, too, so rider reaches it without the tram.",
                when=(On("line-depot-1", "line_street"),),
                program=_file("street, yard", "street, yard"),
            ),
            Mistake(
                says=(
                    "tram has only one cable, on the street. It is the one that belongs on both, for "
                    "there is nobody else between them."
                ),
                when=(OnlyOn("line-tram-1", ("line_street",)),),
                program=_file("street", "yard"),
            ),
        ),
        hints=(
            "Take the shop's file as a pattern. A file has two lists that matter here: the services, and the "
            "networks.",
            "Each service names its networks; each network says below what it is.",
            "The prefix of the names comes by itself: the project's, from the first line of the file.",
        ),
        solution=_file("street, yard", "yard"),
        alternatives=(
            """\
!docker network create --subnet 10.97.16.0/24 line_street
!docker network create --internal --subnet 10.97.17.0/24 line_yard
!docker run -d --name line-rider-1 --network line_street busybox httpd -f
!docker run -d --name line-depot-1 --network line_yard busybox httpd -f
!docker run -d --name line-tram-1 --network line_street busybox httpd -f
!docker network connect line_yard line-tram-1
""",
        ),
        why=(
            "The file says what there shall be, and not in which order to make it. The engine cannot tell "
            "whether Compose read it, or you typed six commands."
        ),
    ),
)
