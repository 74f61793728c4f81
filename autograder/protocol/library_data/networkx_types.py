"""NetworkX's graphs, with their attributes and the order of their edges."""

from __future__ import annotations

from collections import deque
from functools import partial
from itertools import pairwise
from typing import Any

from autograder.protocol.library_data.data_type import DataType, library, of_types, require

_KINDS = ("Graph", "DiGraph", "MultiGraph", "MultiDiGraph")


def _parts(graph: Any) -> Any:
    """Return a graph's attributes, its nodes, and its edges by the numbers of their nodes."""
    nodes = dict(graph.nodes(data=True))
    numbers = {node: number for number, node in enumerate(nodes)}
    ends: list[int] = []
    keys: list[Any] = []
    attributes: list[dict[Any, Any]] = []
    for first, second in _in_order(graph):
        data = graph.adj[first][second]
        for key, own in data.items() if graph.is_multigraph() else [(None, data)]:
            ends += [numbers[first], numbers[second]]
            keys.append(key)
            attributes.append(dict(own))
    if not graph.is_multigraph():
        keys = []
    return dict(graph.graph), {node: dict(data) for node, data in nodes.items()}, ends, keys, attributes


def _in_order(graph: Any) -> list[tuple[Any, Any]]:
    """Return the pairs of adjacent nodes, in an order that gives each node's neighbours theirs."""
    lists = [
        [(node, other) if graph.is_directed() else frozenset((node, other)) for other in graph.adj[node]]
        for node in graph
    ]
    if graph.is_directed():
        lists += [[(other, node) for other in graph.pred[node]] for node in graph]
    waiting: dict[Any, int] = {}
    after: dict[Any, list[Any]] = {}
    for pairs in lists:
        for pair in pairs:
            waiting.setdefault(pair, 0)
        for pair, following in pairwise(pairs):
            after.setdefault(pair, []).append(following)
            waiting[following] += 1
    edges = {(u, v) if graph.is_directed() else frozenset((u, v)): (u, v) for u, v in graph.edges()}
    free = deque(pair for pair in edges if not waiting[pair])
    ordered: list[tuple[Any, Any]] = []
    while free:
        pair = free.popleft()
        ordered.append(edges[pair])
        for following in after.get(pair, ()):
            waiting[following] -= 1
            if not waiting[following]:
                free.append(following)
    return ordered if len(ordered) == len(edges) else list(edges.values())


def _build(name: str, parts: Any) -> Any:
    graph = getattr(library("networkx"), name)()
    _fill(graph, parts)
    return graph


def _fill(graph: Any, parts: Any) -> None:
    own, nodes, ends, keys, attributes = of_types(parts, dict, dict, list, list, list)
    require(all(type(data) is dict for data in (*nodes.values(), *attributes)), "attributes of a graph")
    require(all(type(number) is int and 0 <= number < len(nodes) for number in ends), "the edges of a graph")
    require(len(ends) == 2 * len(attributes), "the edges of a graph")
    require(len(keys) == (len(attributes) if graph.is_multigraph() else 0), "the edges of a graph")
    graph.graph.update(own)
    graph.add_nodes_from(nodes.items())
    names = list(nodes)
    pairs = [(names[ends[k]], names[ends[k + 1]]) for k in range(0, len(ends), 2)]
    if graph.is_multigraph():
        graph.add_edges_from(
            (u, v, key, data) for (u, v), key, data in zip(pairs, keys, attributes, strict=True)
        )
    else:
        graph.add_edges_from((u, v, data) for (u, v), data in zip(pairs, attributes, strict=True))
    require(graph.number_of_edges() == len(attributes), "an edge stands twice in a graph")


def _put(target: Any, source: Any) -> bool:
    target.clear()
    _fill(target, _parts(source))
    return True


TYPES = tuple(
    DataType(f"networkx:{name}", _parts, partial(_build, name), changeable=True, put=_put, subclasses=True)
    for name in reversed(_KINDS)
)
