"""Tests `mesa` as a process: signals, limits, files that are not regular, closed and full outputs, and two runs
at once. In every case an old result stays whole, no files are left over, and one line says why.

Usage: process_test.py path/to/mesa
"""

import contextlib
import json
import os
import pathlib
import resource
import signal
import subprocess
import sys
import tempfile
import threading
import time
import unittest

MESA = ""
SMALL = "--preset linear-1 --steps 2 --set evaluation_sequences=4 --set batch_size=4 --quiet".split()
LONG = "--preset linear-1 --steps 1000000 --set evaluation_interval=100000 --set evaluation_sequences=4".split()
OLD = "an old result\n"


def is_sanitized():
    return b"__asan_init" in pathlib.Path(MESA).read_bytes()


def start(*arguments, before=None, **options):
    """Restores the signals that the tests themselves may ignore."""

    def prepare():
        for number in (signal.SIGHUP, signal.SIGINT, signal.SIGTERM):
            signal.signal(number, signal.SIG_DFL)
        if before:
            before()

    options = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, **options}
    return subprocess.Popen([MESA, *map(str, arguments)], text=True, preexec_fn=prepare, **options)


def run(*arguments, **options):
    process = start(*arguments, **options)
    try:
        out, err = process.communicate(timeout=100)
    finally:
        process.kill()
    return subprocess.CompletedProcess(arguments, process.returncode, out, err)


class ProcessTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)

    def old_result(self, name="old.json"):
        path = self.folder / name
        path.write_text(OLD)
        return path

    def checkpoint(self, name="model.mesa"):
        path = self.folder / name
        self.assertEqual(run("train", *SMALL, "--checkpoint", path).returncode, 0)
        return path

    def assert_failed(self, outcome, code, *parts):
        self.assertEqual(outcome.returncode, code, outcome)
        self.assertEqual(outcome.stderr.count("\n"), 1, outcome.stderr)
        for part in ("mesa: ", *parts):
            self.assertIn(part, outcome.stderr)

    def assert_only(self, *paths):
        self.assertEqual(sorted(os.listdir(self.folder)), sorted(path.name for path in paths))

    # Files that are not regular

    def test_devices_directories_and_pipes_are_refused_as_outputs(self):
        link = self.folder / "null"
        link.symlink_to("/dev/null")
        directory = self.folder / "directory"
        directory.mkdir()
        pipe = self.folder / "pipe"
        os.mkfifo(pipe)
        places = [link, directory, pipe]
        with contextlib.suppress(PermissionError):
            node = self.folder / "node"
            os.mknod(node, 0o600 | 0o020000, os.makedev(1, 3))
            places.append(node)
        for place in places:
            kind = place.lstat().st_mode
            for option in ("--out", "--checkpoint"):
                with self.subTest(place=place.name, option=option):
                    self.assert_failed(run("train", *SMALL, option, place), 2, "not a regular file")
                    self.assertEqual(place.lstat().st_mode, kind)
        self.assert_only(*places)

    def test_devices_directories_and_pipes_are_refused_as_inputs(self):
        pipe = self.folder / "pipe"
        os.mkfifo(pipe)
        for place in ("/dev/zero", self.folder, pipe):
            with self.subTest(place=place):
                self.assert_failed(run("evaluate", "--checkpoint", place), 2, "not a regular file")

    def test_a_file_that_no_run_wrote_is_not_read_to_its_end(self):
        huge = self.folder / "huge"
        with open(huge, "wb") as file:
            file.truncate(1 << 40)
        self.assert_failed(run("evaluate", "--checkpoint", huge), 2, "too large")

    def test_links_are_followed_and_the_mode_is_kept(self):
        target = self.old_result("target.json")
        target.chmod(0o640)
        link = self.folder / "link.json"
        link.symlink_to("target.json")
        fresh = self.folder / "fresh.json"
        dangling = self.folder / "dangling.json"
        dangling.symlink_to(fresh)
        for path in (link, dangling):
            self.assertEqual(run("train", *SMALL, "--out", path).returncode, 0)
            self.assertTrue(path.is_symlink())
            json.loads(path.read_text())
        self.assertEqual(target.stat().st_mode & 0o777, 0o640)
        mask = os.umask(0)
        os.umask(mask)
        self.assertEqual(fresh.stat().st_mode & 0o777, 0o666 & ~mask)
        self.assert_only(target, link, fresh, dangling)

    # Failures to write

    def test_a_result_without_space_leaves_the_old_one(self):
        old = self.old_result()
        model = self.checkpoint()
        content = model.read_bytes()

        def limit():
            resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))

        commands = [
            ["evaluate", "--checkpoint", model, "--out", old],
            ["export", "--checkpoint", model, "--out", old],
            ["train", *SMALL, "--checkpoint", model],
        ]
        for command in commands:
            with self.subTest(command=command[0]):
                self.assert_failed(run(*command, before=limit), 1, "could not be written: File too large")
                self.assertEqual(old.read_text(), OLD)
                self.assertEqual(model.read_bytes(), content)
                self.assert_only(old, model)

    def test_what_is_refused_leaves_the_old_result(self):
        old = self.old_result()
        model = self.checkpoint()
        for command in (["analyze", "nokind"], ["evaluate", "--task", "none"]):
            outcome = run(*command, "--checkpoint", model, "--out", old)
            self.assert_failed(outcome, 2, "expected one of")
            self.assertEqual(old.read_text(), OLD)
        self.assert_only(old, model)

    def test_an_output_that_is_closed_or_full_is_reported(self):
        with open("/dev/full", "w") as full:
            for command in (["list"], ["train", *SMALL], ["--help"]):
                self.assert_failed(run(*command, stdout=full), 1, "standard output cannot be written")
        for command in (["list"], ["train", *SMALL]):
            outcome = run(*command, before=lambda: os.close(1))
            self.assert_failed(outcome, 1, "standard output cannot be written")

    def test_standard_output_is_checked_before_the_work(self):
        outcome = run("train", *LONG, before=lambda: os.close(1))
        self.assert_failed(outcome, 1, "standard output cannot be written")

    def test_closed_descriptors_are_refused_for_results(self):
        for descriptor in (0, 1, 2):
            out = self.folder / f"{descriptor}.json"
            arguments = [*(word for word in SMALL if word != "--quiet"), "--out", out]
            # All lower ones are closed too, or the system would give the file another number.
            outcome = run("train", *arguments, before=lambda: os.closerange(0, descriptor + 1))
            self.assertEqual(outcome.returncode, 0, outcome)
            self.assertEqual(json.loads(out.read_text())["format"], "mesa-run")

    # Signals

    def train_until(self, ready, *arguments):
        """Starts a long run and returns it once ready(lines) holds for the lines that it has written."""
        process = start("train", *arguments)
        self.addCleanup(process.communicate)
        self.addCleanup(process.kill)
        lines = []
        while not ready(lines):
            lines.append(process.stderr.readline())
            self.assertTrue(lines[-1], "the run ended")
        return process

    def stopped(self, process, number):
        process.send_signal(number)
        out, err = process.communicate(timeout=100)
        return subprocess.CompletedProcess(process.args, process.returncode, out, err)

    def test_a_run_that_is_stopped_keeps_its_last_step(self):
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            with self.subTest(signal=number):
                old = self.old_result()
                model = self.folder / "model.mesa"
                process = self.train_until(len, *LONG, "--out", old, "--checkpoint", model)
                time.sleep(0.5)
                outcome = self.stopped(process, number)
                self.assert_failed(outcome, 128 + number, "stopped after step ", f"--resume {model}")
                self.assertEqual(old.read_text(), OLD)
                self.assert_only(old, model)
                step = int(outcome.stderr.split("step ")[1].split(";")[0])
                self.assertGreater(step, 0)

                whole = self.folder / "whole.mesa"
                resumed = self.folder / "resumed.mesa"
                end = ["--steps", step + 3, "--quiet"]
                self.assertEqual(run("train", "--resume", model, *end, "--checkpoint", resumed).returncode, 0)
                again = [word for word in LONG if word not in ("--steps", "1000000")]
                self.assertEqual(run("train", *again, *end, "--checkpoint", whole).returncode, 0)
                self.assertEqual(resumed.read_bytes(), whole.read_bytes())
                for path in (whole, resumed):
                    path.unlink()

    def test_a_run_is_stopped_within_an_evaluation_too(self):
        model = self.folder / "model.mesa"
        arguments = "--preset linear-6 --set evaluation_sequences=65536 --threads 1 --steps 3".split()
        process = start("train", *arguments, "--checkpoint", model)
        while not model.exists():
            self.assertIsNone(process.poll(), "the run ended")
            time.sleep(0.01)
        time.sleep(0.2)
        before = time.monotonic()
        self.assert_failed(self.stopped(process, signal.SIGTERM), 143, "stopped after step 0;", "--resume")
        self.assertLess(time.monotonic() - before, 1)
        self.assert_only(model)

    def test_a_run_without_a_checkpoint_says_that_nothing_is_kept(self):
        process = self.train_until(len, *LONG)
        self.assert_failed(self.stopped(process, signal.SIGINT), 130, "nothing is kept")

    def test_a_signal_that_is_ignored_stays_ignored(self):
        model = self.folder / "model.mesa"

        def ignore():
            signal.signal(signal.SIGHUP, signal.SIG_IGN)

        process = start("train", *LONG, "--checkpoint", model, before=ignore)
        process.stderr.readline()
        process.send_signal(signal.SIGHUP)
        time.sleep(0.3)
        self.assertIsNone(process.poll())
        self.assertEqual(self.stopped(process, signal.SIGINT).returncode, 130)

    def test_other_commands_that_are_stopped_leave_the_old_result(self):
        model = self.checkpoint()
        old = self.old_result()
        arguments = ["--checkpoint", model, "--out", old, "--set", "evaluation_sequences=65536"]
        for command in (["evaluate"], ["analyze", "probe"]):
            process = start(*command, *arguments)
            time.sleep(0.3)
            self.assertEqual(self.stopped(process, signal.SIGTERM).returncode, -signal.SIGTERM)
            self.assertEqual(old.read_text(), OLD)
        self.assert_only(model, old)

    def test_signals_at_any_time_leave_whole_files(self):
        out = self.old_result()
        model = self.checkpoint()
        often = [word.replace("=100000", "=1") for word in LONG]
        for attempt in range(25):
            process = start("train", *often, "--out", out, "--checkpoint", model, stderr=subprocess.DEVNULL)
            time.sleep(0.02 + 0.003 * attempt)
            process.send_signal(signal.SIGTERM)
            process.communicate(timeout=100)
            self.assert_only(out, model)
        self.assertEqual(run("evaluate", "--checkpoint", model).returncode, 0)

    # Simultaneous runs, and limits

    def test_two_runs_with_the_same_files_both_end_well(self):
        out = self.folder / "out.json"
        model = self.folder / "model.mesa"
        arguments = [word for word in SMALL if word not in ("--steps", "2")] + ["--steps", "60"]
        arguments += ["--set", "evaluation_interval=1", "--out", out, "--checkpoint", model]
        outcomes = []
        threads = [
            threading.Thread(target=lambda seed=seed: outcomes.append(run("train", *arguments, "--seed", seed)))
            for seed in (1, 2)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertEqual([outcome.returncode for outcome in outcomes], [0, 0], outcomes)
        self.assertIn(json.loads(out.read_text())["config"]["seed"], (1, 2))
        self.assertEqual(run("evaluate", "--checkpoint", model).returncode, 0)
        self.assert_only(out, model)

    def test_a_run_works_with_fewer_threads_if_more_cannot_be_created(self):
        if is_sanitized():
            self.skipTest("the address sanitizer needs more address space than can be had here")

        def limit():
            resource.setrlimit(resource.RLIMIT_AS, (600 << 20, 600 << 20))

        few, many = (
            run("train", *SMALL, "--set", "batch_size=64", "--threads", threads, before=limit)
            for threads in (1, 256)
        )
        self.assertEqual(many.returncode, 0, many.stderr)
        results = [json.loads(outcome.stdout)["evaluation"] for outcome in (few, many)]
        self.assertEqual(*results)

    def test_too_little_memory_is_reported(self):
        if is_sanitized():
            self.skipTest("the address sanitizer needs more address space than can be had here")

        def limit():
            resource.setrlimit(resource.RLIMIT_AS, (100 << 20, 100 << 20))

        big = "--preset transformer-7 --set width=256 --set layers=12 --set key_size=128".split()
        self.assert_failed(run("train", *big, "--threads", 1, before=limit), 1, "not enough memory")


if __name__ == "__main__":
    MESA = os.path.abspath(sys.argv.pop(1))
    unittest.main()
