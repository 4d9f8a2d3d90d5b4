"""The `query` of a query request: what scores the points."""

import qdrant_edge as engine

from .checks import choice, integer, mapping, number, required, sequence, text
from .errors import invalid, malformed, not_supported
from .formulas import parse_formula
from .point_values import INFERENCE_KEYS
from .query_inputs import QueryInputs, average, pairs

Query = engine.Query
DEFAULT_RRF_K = 2
DEFAULT_MMR_LAMBDA = 0.5


def parse_scoring_query(value: object, inputs: QueryInputs, limit: int):
    """An engine query. `limit` is the request's, the default size of an MMR candidate pool."""
    if type(value) is not dict or "indices" in value or (INFERENCE_KEYS & value.keys()):
        return Query.Nearest(inputs.vector(value), inputs.using)
    for name, parser in _PARSERS.items():
        if name in value:
            return parser(value, inputs, limit)
    raise malformed("Expected some form of vector, id, or a type of query")


def _nearest(value: dict, inputs: QueryInputs, limit: int):
    vector = inputs.vector(value["nearest"])
    mmr = value.get("mmr")
    if mmr is None:
        return Query.Nearest(vector, inputs.using)
    if isinstance(vector, engine.SparseVector):
        raise not_supported("MMR over a sparse vector")
    options = mapping(mmr, "mmr")
    diversity = number(options, "diversity", minimum=0.0, maximum=1.0, path="internal.query.mmr.diversity")
    candidates = integer(options, "candidates_limit", maximum=16384, path="internal.query.mmr.candidates_limit")
    return engine.Mmr(
        vector,
        DEFAULT_MMR_LAMBDA if diversity is None else 1.0 - diversity,
        limit if candidates is None else candidates,
        inputs.using,
    )


def _recommend(value: dict, inputs: QueryInputs, _limit: int):
    body = mapping(value["recommend"], "recommend")
    positive = sequence(body.get("positive") or [], "recommend.positive")
    negative = sequence(body.get("negative") or [], "recommend.negative")
    if not positive and not negative:
        raise invalid("positives, negatives", "At least one positive or negative vector/id must be provided")
    strategy = choice(body, "strategy", ("average_vector", "best_score", "sum_scores"), "average_vector")
    liked, disliked = inputs.vectors(positive), inputs.vectors(negative)
    if strategy == "average_vector":
        return Query.Nearest(average(liked, disliked), inputs.using)
    make = Query.RecommendBestScore if strategy == "best_score" else Query.RecommendSumScores
    return make(engine.RecommendQuery(liked, disliked), inputs.using)


def _discover(value: dict, inputs: QueryInputs, _limit: int):
    body = mapping(value["discover"], "discover")
    target = inputs.vector(required(body, "target"))
    return Query.Discover(engine.DiscoverQuery(target, pairs(inputs, body.get("context"))), inputs.using)


def _context(value: dict, inputs: QueryInputs, _limit: int):
    return Query.Context(engine.ContextQuery(pairs(inputs, value["context"])), inputs.using)


def _fusion(value: dict, _inputs: QueryInputs, _limit: int):
    kind = choice(value, "fusion", ("rrf", "dbsf"))
    return engine.Fusion.Rrf(DEFAULT_RRF_K) if kind == "rrf" else engine.Fusion.Dbsf()


def _rrf(value: dict, _inputs: QueryInputs, _limit: int):
    body = mapping(value["rrf"], "rrf")
    k = integer(body, "k", DEFAULT_RRF_K, minimum=1, path="internal.query.rrf.k")
    weights = body.get("weights")
    return engine.Fusion.Rrf(k, None if weights is None else sequence(weights, "rrf.weights"))


def parse_order_by(value: object):
    if type(value) is str:
        return engine.OrderBy(value)
    body = mapping(value, "order_by")
    direction = choice(body, "direction", ("asc", "desc"))
    return engine.OrderBy(
        text(required(body, "key"), "order_by.key"),
        None if direction is None else engine.Direction.Asc if direction == "asc" else engine.Direction.Desc,
        body.get("start_from"),
    )


def _order_by(value: dict, _inputs: QueryInputs, _limit: int):
    return parse_order_by(value["order_by"])


def _sample(value: dict, _inputs: QueryInputs, _limit: int):
    choice(value, "sample", ("random",))
    return engine.Sample.Random


def _feedback(value: dict, inputs: QueryInputs, _limit: int):
    body = mapping(value["relevance_feedback"], "relevance_feedback")
    target = inputs.vector(required(body, "target"))
    items = []
    feedback = sequence(required(body, "feedback"), "relevance_feedback.feedback")
    if not feedback:
        raise invalid("internal.query.relevance_feedback.feedback", "feedback elements must be non-empty")
    for item in feedback:
        example = inputs.vector(required(mapping(item, "feedback"), "example"))
        required(item, "score")
        items.append(engine.FeedbackItem(example, number(item, "score")))
    naive = mapping(required(mapping(required(body, "strategy"), "strategy"), "naive"), "naive")
    factors = [required(naive, name) for name in ("a", "b", "c")]
    number(naive, "b", minimum=0.0, path="internal.query.relevance_feedback.strategy.naive.b")
    strategy = engine.NaiveFeedbackStrategy(*factors)
    return Query.FeedbackNaive(engine.FeedbackNaiveQuery(target, items, strategy), inputs.using)


_PARSERS = {
    "nearest": _nearest,
    "recommend": _recommend,
    "discover": _discover,
    "context": _context,
    "order_by": _order_by,
    "fusion": _fusion,
    "rrf": _rrf,
    "formula": lambda value, _inputs, _limit: parse_formula(value),
    "sample": _sample,
    "relevance_feedback": _feedback,
}
