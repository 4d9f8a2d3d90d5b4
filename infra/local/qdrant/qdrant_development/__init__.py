"""A development Qdrant: the REST API of Qdrant 1.19 over the engine wheel `qdrant-edge-py`.

Not for production: one process, one thread, one shard for each collection.
"""

VERSION = "1.19.0"
