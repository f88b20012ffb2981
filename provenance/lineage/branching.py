"""The heaviest set of arcs that gives every node at most one parent and makes no cycle."""

from collections.abc import Sequence


def maximum_branching(  # noqa: C901, PLR0915 - one search, which contracts as it walks
    nodes: int, arcs: Sequence[tuple[int, int, float]], root: float = 0.0
) -> list[int]:
    """Return, for each node, the index of the arc that enters it, or -1 for a root.

    `arcs` are (parent, child, weight); `root` is the weight of having no parent. Of equal
    choices the arc listed first wins. Source: Edmonds, "Optimum branchings", 1967, by contraction
    of cycles.
    """
    best: list[int] = [-1] * nodes
    weights = [arc[2] - root for arc in arcs]
    top = list(range(nodes))  # the contracted node of each node
    entering: list[list[int]] = [[] for _ in range(nodes)]
    for index, (_, child, _) in enumerate(arcs):
        if weights[index] > 0:
            entering[child].append(index)
    reduction = [0.0] * len(arcs)
    chosen: dict[int, int] = {}
    inside: dict[int, list[int]] = {}  # contracted node -> the nodes of its cycle
    weakest: dict[int, int] = {}  # contracted node -> the node whose arc it loses when a root
    parent_of: dict[int, int] = {}

    def find(node: int) -> int:
        while top[node] != node:
            top[node] = top[top[node]]
            node = top[node]
        return node

    state = [0] * nodes  # 0 new, 1 on the path, 2 done
    stack_nodes = list(range(nodes))
    while stack_nodes:
        start = find(stack_nodes.pop())
        if state[start]:
            continue
        path: list[int] = []
        node = start
        while True:
            if state[node] == 1:  # a cycle: contract it
                cycle = path[path.index(node) :]
                del path[path.index(node) :]
                merged = len(top)
                top.append(merged)
                state.append(0)
                inside[merged] = cycle
                kept = {n: weights[chosen[n]] - reduction[chosen[n]] for n in cycle}
                weakest[merged] = min(cycle, key=lambda n: (kept[n], n))
                lowest = kept[weakest[merged]]
                arcs_in: list[int] = []
                for n in cycle:
                    lost = kept[n] - lowest
                    for index in entering[n]:
                        reduction[index] += lost
                        arcs_in.append(index)
                    top[n] = merged
                    parent_of[n] = merged
                entering.append(
                    [
                        i
                        for i in arcs_in
                        if find(arcs[i][0]) != merged and weights[i] - reduction[i] > 0
                    ]
                )
                node = merged
            state[node] = 1
            path.append(node)
            choice = -1
            for index in entering[node]:
                if find(arcs[index][0]) == node:
                    continue
                gain = weights[index] - reduction[index]
                if gain > 0 and (
                    choice < 0
                    or gain > weights[choice] - reduction[choice]
                    or (gain == weights[choice] - reduction[choice] and index < choice)
                ):
                    choice = index
            if choice < 0:
                break
            chosen[node] = choice
            node = find(arcs[choice][0])
            if state[node] == 2:
                break
        for n in path:
            state[n] = 2
    _expand(nodes, arcs, chosen, inside, parent_of, weakest, best)
    return best


def _expand(
    nodes: int,
    arcs: Sequence[tuple[int, int, float]],
    chosen: dict[int, int],
    inside: dict[int, list[int]],
    parent_of: dict[int, int],
    weakest: dict[int, int],
    best: list[int],
) -> None:
    """Open the contracted cycles from the outside in; each loses one arc."""
    outermost = [n for n in range(nodes + len(inside)) if n not in parent_of]
    stack = [(n, chosen.get(n, -1)) for n in outermost]
    while stack:
        node, arc = stack.pop()
        if node < nodes:
            best[node] = arc
            continue
        cycle = inside[node]
        if arc >= 0:
            entered = arcs[arc][1]
            while parent_of[entered] != node:
                entered = parent_of[entered]
        else:
            entered = weakest[node]
        stack.extend((n, arc if n == entered else chosen[n]) for n in cycle)
