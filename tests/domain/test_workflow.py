"""Machines: who may take a sheet from where to where, and what every machine of the cycle keeps."""

from types import SimpleNamespace

import pytest

from jixiao.domain.actors import ADMINISTRATORS, REGION_WIDE, Actor, Role, system
from jixiao.domain.decisions import Decision, require
from jixiao.domain.filing import Desk
from jixiao.domain.guards import not_held
from jixiao.domain.terms import Term
from jixiao.domain.workflow import Machine, Move
from jixiao.overview.diagrams import MACHINES
from jixiao.stages.targets import workflow as targets

ALL = [machine for _, machine in MACHINES]
CASES = [(machine, move) for machine in ALL for move in machine.moves]
BY_NAME = [machine.name for machine in ALL]
SYSTEMS_OWN = {"record", "record_issued", "supersede", "assess_by_finance"}
# What else the program does by itself, machine by machine: elsewhere people take a step of this name.
BY_ITSELF = {("monitoring", "reopen"), ("audit_finding", "reopen"), ("audit_finding", "close")}
# What is made here alone has no history that could enter.
MADE_HERE = {"self_evaluation_exemption", "audit_finding", "panel", "framework", "choice", "transfer_report"}


class Light(Term):
    RED = "red", "红"
    AMBER = "amber", "黄"
    GREEN = "green", "绿"


def is_dry(facts: object) -> Decision:
    return require(facts == "dry", "路面湿滑，请等待")


LIGHTS = Machine(
    "lights",
    Light,
    initial=Light.RED,
    moves=(
        Move("go", "放行", (Light.RED,), Light.GREEN, by=Role.UNIT, guards=(is_dry,)),
        Move("slow", "减速", (Light.GREEN,), Light.AMBER, by=(Role.UNIT, Role.DEPARTMENT), note_required=True),
        Move("check", "审核", (Light.AMBER,), Light.RED, by=Role.DEPARTMENT, own_work=False),
    ),
)


def actor(role: Role, user_id: int = 1) -> Actor:
    return Actor(user_id, "张三", role, "360111")


def test_a_legal_step_is_allowed() -> None:
    assert LIGHTS.check("go", Light.RED, actor(Role.UNIT), "dry")


def test_a_no_carries_role_note_and_guard_at_once() -> None:
    decision = LIGHTS.check("go", Light.RED, actor(Role.DEPARTMENT), "wet")
    assert decision.reasons == ("“放行”由预算单位办理", "路面湿滑，请等待")
    assert LIGHTS.check("slow", Light.GREEN, actor(Role.UNIT), None, note="  ").reasons == ("请填写减速意见",)


def test_a_step_from_another_state_does_not_exist() -> None:
    assert LIGHTS.move("go", Light.GREEN) is None
    assert "“绿”" in LIGHTS.check("go", Light.GREEN, actor(Role.UNIT), "dry").reasons[0]


def test_nobody_reviews_what_he_submitted() -> None:
    assert not LIGHTS.check("check", Light.AMBER, actor(Role.DEPARTMENT, 7), None, submitted_by=7)
    assert LIGHTS.check("check", Light.AMBER, actor(Role.DEPARTMENT, 8), None, submitted_by=7)
    assert LIGHTS.check("check", Light.AMBER, actor(Role.DEPARTMENT, 7), None, submitted_by=None)


def test_buttons_and_to_dos_follow_from_the_table() -> None:
    assert [move.code for move in LIGHTS.offered(Light.GREEN, actor(Role.DEPARTMENT))] == ["slow"]
    assert LIGHTS.awaiting(Role.UNIT) == {Light.RED, Light.GREEN}
    assert LIGHTS.awaiting(Role.LEADER) == frozenset()


def test_a_state_that_cannot_be_reached_is_refused() -> None:
    with pytest.raises(ValueError, match=r"unreachable states.*amber"):
        Machine("broken", Light, Light.RED, (Move("go", "放行", (Light.RED,), Light.GREEN, by=Role.UNIT),))


def test_a_move_written_twice_is_refused() -> None:
    with pytest.raises(ValueError, match="written twice"):
        Machine("broken", Light, Light.RED, (*LIGHTS.moves, LIGHTS.moves[0]))


def test_the_diagram_names_states_and_steps() -> None:
    assert LIGHTS.to_mermaid().splitlines() == [
        "stateDiagram-v2",
        "    [*] --> red",
        "    red: 红",
        "    amber: 黄",
        "    green: 绿",
        "    red --> green: 放行（预算单位）",
        "    green --> amber: 减速（预算单位、主管部门）",
        "    amber --> red: 审核（主管部门）",
    ]


def test_the_system_is_nobodys_account() -> None:
    assert system("360111").user_id is None
    assert not ADMINISTRATORS & REGION_WIDE


def test_every_machine_has_its_own_name() -> None:
    assert len(set(BY_NAME)) == len(BY_NAME)


@pytest.mark.parametrize("machine", [one for one in ALL if one.name not in MADE_HERE], ids=lambda one: one.name)
def test_history_enters_every_machine_by_a_recorded_move_of_the_system(machine: Machine) -> None:
    record = machine.move("record", machine.initial)
    assert record is not None
    assert record.roles == (Role.SYSTEM,)
    assert record.target.value in {"concluded", "approved", "closed", "decided", "published", "sent"}
    assert machine.check("record", machine.initial, system("360111"), None)
    assert not machine.check("record", machine.initial, actor(Role.PERFORMANCE_OFFICE), None)


@pytest.mark.parametrize(("machine", "move"), CASES, ids=[f"{m.name}.{v.code}.{v.target.value}" for m, v in CASES])
def test_every_move_keeps_the_rules_of_the_house(machine: Machine, move: Move) -> None:
    assert not set(move.roles) & ADMINISTRATORS
    assert (Role.SYSTEM in move.roles) == (move.code in SYSTEMS_OWN or (machine.name, move.code) in BY_ITSELF)
    assert move.code != "return" or move.note_required
    assert move.moves_money == (not_held in move.guards)
    reviews = {"forward", "pass", "approve", "conclude", "close", "disclose", "agree", "assess"}
    if move.code in reviews and Role.SYSTEM not in move.roles:
        assert not move.own_work or machine.name in {"monitoring_round", "clearing_run"}


def test_money_moves_at_the_clearance_and_at_the_approval_of_targets() -> None:
    assert {(m.name, v.code) for m, v in CASES if v.moves_money} == {("ex_ante", "conclude"), ("targets", "approve")}


@pytest.mark.parametrize("machine", ALL, ids=BY_NAME)
def test_every_state_but_the_last_ones_waits_for_some_person(machine: Machine) -> None:
    people = set(Role) - {Role.SYSTEM}
    waiting = {state for role in people for state in machine.awaiting(role)}
    last = {"concluded", "approved", "superseded", "closed", "decided", "sent", "withdrawn"}
    last |= {"granted", "refused", "retired", "opened", "received"}
    assert {state.value for state in machine.states if state not in waiting} <= last


@pytest.mark.parametrize(
    ("desks", "wanted"),
    [
        ((Desk.DEPARTMENT, Desk.FINANCE), ["submit", "forward", "pass"]),
        (
            (Desk.DEPARTMENT, Desk.FISCAL_DIVISION, Desk.PERFORMANCE_OFFICE),
            ["submit", "forward_to_division", "forward_to_office", "pass"],
        ),
        ((Desk.DEPARTMENT, Desk.PERFORMANCE_OFFICE), ["submit", "forward_to_office", "pass"]),
        ((Desk.DEPARTMENT, Desk.FISCAL_DIVISION), ["submit", "forward_to_division", "pass"]),
    ],
)
def test_a_target_sheet_passes_the_desks_of_its_region_and_no_others(desks, wanted):
    facts = SimpleNamespace(desks=desks, department_above=True)
    state, taken = targets.MACHINE.initial, []
    while state is not targets.State.PASSED:
        onward = [
            move
            for move in targets.MACHINE.moves
            if state in move.sources
            and move.code.startswith(("submit", "forward", "pass"))
            and not move.code.startswith("submit_directly")
            and (move.applies is None or move.applies(facts))
        ]
        assert len(onward) == 1, [move.code for move in onward]
        state = onward[0].target
        taken.append(onward[0].code)
    assert taken == wanted


def test_a_step_that_the_region_does_not_have_is_refused_with_its_reason():
    facts = SimpleNamespace(desks=(Desk.DEPARTMENT, Desk.FINANCE), department_above=True)
    division = actor(Role.FISCAL_DIVISION)
    refused = targets.MACHINE.check("forward_to_office", targets.State.DIVISION_REVIEW, division, facts)
    assert refused.reasons == ("本地区的审核流程中业务股室之后不是绩效股",)
    assert targets.MACHINE.offered(targets.State.DIVISION_REVIEW, division, facts) == tuple(
        move
        for move in targets.MACHINE.moves
        if move.code == "return" and targets.State.DIVISION_REVIEW in move.sources
    )
