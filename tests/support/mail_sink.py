#!/usr/bin/python3
"""A mail server that keeps what it gets: aiosmtpd on a free port of loopback.

Run as a program it prints {"port": …}, then each message as one line of JSON, until its input
ends. It is Debian's python that has aiosmtpd (tools/setup.sh), whichever python runs the tests;
so tests start it as a process: `with MailSink() as sink: … sink.next()`.
"""
import asyncio
import json
import pathlib
import queue
import subprocess
import sys
import threading

PYTHON = "/usr/bin/python3"
WAIT_SECONDS_MAX = 60


class MailSink:
    """The sink as a process; its `url` is what `mail.url` takes."""

    def __enter__(self):
        self.process = subprocess.Popen([PYTHON, pathlib.Path(__file__)], text=True,
                                        stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self.url = f"smtp://127.0.0.1:{json.loads(self.process.stdout.readline())['port']}"
        self.mails = queue.Queue()
        threading.Thread(target=self._listen, daemon=True).start()
        return self

    def _listen(self):
        for line in self.process.stdout:
            self.mails.put(json.loads(line))

    def __exit__(self, *_):
        self.process.stdin.close()
        self.process.wait(10)
        self.process.stdout.close()

    def next(self):
        """The next message: from, to (the envelope's), subject, text, headers."""
        return self.mails.get(timeout=WAIT_SECONDS_MAX)


def show(**said):
    print(json.dumps(said), flush=True)


async def serve():
    # Here, because the python that runs the tests may not have them.
    import email
    import email.policy

    from aiosmtpd.smtp import SMTP

    class Keep:
        async def handle_DATA(self, _server, _session, envelope):
            mail = email.message_from_bytes(envelope.content, policy=email.policy.default)
            show(**{"from": envelope.mail_from}, to=envelope.rcpt_tos,
                 subject=str(mail["subject"]), text=mail.get_content(),
                 headers={name.lower(): str(value) for name, value in mail.items()})
            return "250 kept"

    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: SMTP(Keep(), hostname="sink.test"), "127.0.0.1", 0)
    show(port=server.sockets[0].getsockname()[1])
    await loop.run_in_executor(None, sys.stdin.read)
    server.close()


if __name__ == "__main__":
    asyncio.run(serve())
