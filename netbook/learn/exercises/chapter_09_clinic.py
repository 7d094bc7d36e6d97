"""Exercises of chapter 09, published ports: two doors, each for its own public."""

from __future__ import annotations

from netbook.learn.evidence import HOST
from netbook.learn.exercise import Exercise, Mistake
from netbook.learn.goals.base import Not
from netbook.learn.goals.links import NotOn, On
from netbook.learn.goals.ports import NoPage, Published, Serves
from netbook.learn.goals.things import Running

_FRONT, _OFFICE = "http://10.90.21.1:47220/", "http://127.0.0.1:47221/"
_BACK = "http://10.90.21.1:47221/"
_DUTY = (
    'sh -c "mkdir /hall /desk; echo welcome > /hall/index.html; echo patients > /desk/index.html; '
    'httpd -p 8080 -h /desk; exec httpd -f -h /hall"'
)
_PAGES = """\
pages = "mkdir /hall /desk; echo welcome > /hall/index.html; echo patients > /desk/index.html; "
serve = "httpd -p 8080 -h /desk; exec httpd -f -h /hall"\
"""

EXERCISES = (
    Exercise(
        id="09-clinic",
        title="The front door and the office",
        task=(
            "`clinic` is on the network `ward`, and was made with the command "
            f"`{_DUTY}`. So its port 80 has the page `welcome`, for everybody, and its port 8080 the page "
            "`patients`, for the people of the house.\n\n"
            "The public walks on the network `avenue`, where the host's address is 10.90.21.1. Port 80 of "
            "`clinic` is to be published at port 47220 of 10.90.21.1 and of no other address, port 8080 of "
            f"`clinic` at port 47221 of 127.0.0.1 and of no other address. Then the host gets the page "
            f"`welcome` from {_FRONT} and the page `patients` from {_OFFICE}, but no page from {_BACK}, and "
            "`clinic` is on `ward`. Another container of that name will do."
        ),
        start=f"""\
lab.create_network("ward", subnet="10.90.20.0/24")
lab.create_network("avenue", subnet="10.90.21.0/24")
{_PAGES}
lab.run("clinic", "sh", "-c", pages + serve, network="ward")
""",
        goals=(
            Running("clinic"),
            On("clinic", "ward"),
            Published("clinic", 80, 47220, on="10.90.21.1"),
            Published("clinic", 8080, 47221, on="127.0.0.1"),
            Serves(HOST, _FRONT, "welcome"),
            Serves(HOST, _OFFICE, "patients"),
            NoPage(HOST, _BACK),
        ),
        mistakes=(
            Mistake(
                says=(
                    "The front door opens into the house: at 127.0.0.1 only the host itself may come. The "
                    "book's verb puts that address where none is given."
                ),
                when=(Published("clinic", 80, 47220, on="127.0.0.1"),),
                program=f"""\
{_PAGES}
lab.run("clinic", "sh", "-c", pages + serve, network="ward", publish=["47220:80", "47221:8080"])
""",
            ),
            Mistake(
                says=(
                    "The office is open to the public as well: it is published at more addresses than "
                    "127.0.0.1, and the patients' page lies on the street."
                ),
                when=(
                    Published("clinic", 8080, 47221),
                    Not(Published("clinic", 8080, 47221, on="127.0.0.1")),
                ),
                program=(
                    "!docker rm -f clinic\n"
                    "!docker run -di --name clinic --network ward -p 10.90.21.1:47220:80 "
                    f"-p 10.90.21.1:47221:8080 busybox {_DUTY}\n"
                ),
            ),
            Mistake(
                says=(
                    "The doors are swapped: the one for the public leads to port 8080. In such a triple the "
                    "container's port stands last."
                ),
                when=(Published("clinic", 8080, 47220),),
                program=f"""\
{_PAGES}
doors = ["10.90.21.1:47220:8080", "127.0.0.1:47221:80"]
lab.run("clinic", "sh", "-c", pages + serve, network="ward", publish=doors)
""",
            ),
            Mistake(
                says=(
                    "Both doors are right, but the house has moved: made anew without a word about the "
                    "network, clinic is not on ward."
                ),
                when=(Running("clinic"), NotOn("clinic", "ward")),
                program=f"""\
{_PAGES}
doors = ["10.90.21.1:47220:80", "127.0.0.1:47221:8080"]
lab.run("clinic", "sh", "-c", pages + serve, publish=doors)
""",
            ),
        ),
        hints=(
            "What is published is settled when a container is made. So this one has to be made anew.",
            "Address of the host, port of the host, port of the container: three parts, for each of the two "
            "doors.",
            "An address of the host's can be any that it has, the gateway of one of its networks too.",
        ),
        solution=f"""\
{_PAGES}
doors = ["10.90.21.1:47220:80", "127.0.0.1:47221:8080"]
lab.run("clinic", "sh", "-c", pages + serve, network="ward", publish=doors)
""",
        alternatives=(
            (
                "!docker rm -f clinic\n"
                "!docker run -di --name clinic --network ward -p 10.90.21.1:47220:80 "
                f"-p 127.0.0.1:47221:8080 busybox {_DUTY}\n"
            ),
        ),
        why=(
            "One container may be published several times, each port at an address of its own. Who reaches "
            "that address reaches the port: the address in `-p` is the cheapest firewall that there is."
        ),
    ),
)
