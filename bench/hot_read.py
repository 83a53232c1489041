"""A hot anonymous JSON read, answered from the reply cache, against nginx returning those bytes."""
import urllib.request

from bench import measure

PATH = "/api/v2/models?limit=20"


def run():
    with measure.server("--demo") as server:
        with urllib.request.urlopen(server.origin + PATH) as reply:
            body, content_type = reply.read().decode(), reply.headers["Content-Type"]
        with measure.nginx(measure.nginx_returns(body, content_type)) as (origin, pid):
            with urllib.request.urlopen(origin + "/") as reply:
                if reply.read().decode() != body:
                    raise RuntimeError("nginx does not return the same bytes")
            ours, peer = measure.alternate(
                lambda: measure.wrk(server.origin + PATH, server.process.pid)[1],
                lambda: measure.wrk(origin + "/", pid)[1])
    return [measure.row("hot_read", f"CPU µs a request, {len(body)} bytes of JSON", ours, peer,
                        "nginx return 200", 1.15, at_most=True)]
