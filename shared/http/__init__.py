"""The edge, the only place that knows Flask: a request becomes a Call, and an answer a response."""
