"""A Spark cluster of this machine: one master and workers on loopback, and scripts that run on it."""

import contextlib
import os
import pathlib
import signal
import socket
import subprocess
import sys
import time

import pyspark

HOME = pathlib.Path(pyspark.__file__).parent


class Cluster:
    """One core and one executor for each worker; what it starts is ended by its own process ids."""

    def __init__(self, folder, workers=2):
        self.folder = folder
        port, page = free_port(), free_port()
        self.url = f"spark://127.0.0.1:{port}"
        self.environment = {
            **os.environ,
            "SPARK_HOME": str(HOME),
            "SPARK_LOCAL_IP": "127.0.0.1",
            "SPARK_NO_DAEMONIZE": "1",
            "PYSPARK_PYTHON": sys.executable,
            "PYSPARK_DRIVER_PYTHON": sys.executable,
        }
        master = ["--host", "127.0.0.1", "--port", str(port), "--webui-port", str(page)]
        self.processes = [self.start("master", "org.apache.spark.deploy.master.Master", *master)]
        self.workers = []
        for worker in range(workers):
            arguments = ["--host", "127.0.0.1", "--cores", "1", "--memory", "1g"]
            arguments += ["--webui-port", str(free_port()), "--work-dir", str(folder / f"work-{worker}")]
            name = "org.apache.spark.deploy.worker.Worker"
            self.workers.append(self.start(f"worker-{worker}", name, *arguments, self.url))
        self.processes += self.workers

    def start(self, name, program, *arguments):
        with open(self.folder / f"{name}.log", "wb") as log:
            return subprocess.Popen(
                [HOME / "bin/spark-class", program, *arguments],
                stdout=log,
                stderr=log,
                env={**self.environment, "SPARK_DAEMON_MEMORY": "256m"},
            )

    def submit(self, script, *arguments, **settings):
        """A script that runs on the cluster."""
        settings = {
            "spark.executor.memory": "700m",
            "spark.driver.memory": "700m",
            "spark.driver.host": "127.0.0.1",
            "spark.ui.enabled": "false",
            # Few rows: more tasks would be more to wait for.
            "spark.sql.shuffle.partitions": "4",
            **settings,
        }
        settings = [it for name, value in settings.items() for it in ("--conf", f"{name}={value}")]
        log = open(self.folder / "driver.log", "ab")
        return subprocess.Popen(
            [HOME / "bin/spark-submit", "--master", self.url, *settings, script, *map(str, arguments)],
            stdout=subprocess.PIPE,
            stderr=log,
            env=self.environment,
        )

    def executors(self):
        """The process ids of the executors that the workers started."""
        workers = {worker.pid for worker in self.workers}
        return [pid for pid, parent in processes() if parent in workers and is_java(pid)]

    def stop(self):
        for process in reversed(self.processes):
            process.send_signal(signal.SIGTERM)
        for process in self.processes:
            process.wait(timeout=60)


@contextlib.contextmanager
def cluster(folder):
    it = Cluster(folder)
    try:
        yield it
    finally:
        it.stop()


def free_port():
    with socket.socket() as it:
        it.bind(("127.0.0.1", 0))
        return it.getsockname()[1]


def processes():
    for stat in pathlib.Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            fields = stat.read_text().rsplit(")", 1)[1].split()
            yield int(stat.parent.name), int(fields[1])


def is_java(pid):
    with contextlib.suppress(OSError):
        return b"CoarseGrainedExecutorBackend" in pathlib.Path(f"/proc/{pid}/cmdline").read_bytes()
    return False


def until(met, seconds, process):
    """Waits until something is met; an error if the process ends before."""
    end = time.monotonic() + seconds
    while not met():
        assert process.poll() is None, "it ended before"
        assert time.monotonic() < end, "it takes too long"
        time.sleep(0.1)
