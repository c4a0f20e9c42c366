#!/usr/bin/env python3
"""Machines on one: network namespaces on a wire whose rate, delay and loss are known. Needs root; see enter().

By itself, a command on such machines, by one rank each: network.py MACHINES MEGABITS COMMAND ..
"""
import ctypes
import fcntl
import heapq
import os
import random
import selectors
import shutil
import struct
import subprocess
import sys
import tempfile
import threading
import time

MARK = "HEED_RANKS_WITHIN"
# For mpirun, which otherwise waits long for a machine that is gone.
LOOK = "--mca oob_tcp_keepalive_time 1 --mca oob_tcp_keepalive_intvl 1 --mca oob_tcp_keepalive_probes 3".split()


def enter():
    """Starts this program again where it may change the network and is seen by nobody; ends it (77) where it may not."""
    if os.environ.get(MARK):
        return
    away = ["unshare", "--net", "--mount", "--uts"]
    for tool in ("unshare", "ip", "tc", "mpirun"):
        if not shutil.which(tool):
            print(f"skipped: {tool} is not here (util-linux, iproute2, Open MPI)")
            sys.exit(77)
    probe = subprocess.run([*away, "true"], stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    if probe.returncode:
        print("skipped: network namespaces need root here:", probe.stdout.decode().strip())
        sys.exit(77)
    if not os.path.exists("/dev/net/tun"):
        print("skipped: /dev/net/tun is not here")
        sys.exit(77)
    os.environ[MARK] = "1"
    os.execvp("unshare", [*away, sys.executable, "-B", *sys.argv])


def sh(line):
    subprocess.run(line, shell=True, check=True)


class Network:
    """Machines 1, 2, .., with the addresses 10.77.0.1, .., between which only this network is."""

    def __init__(self, folder, machines):
        self.machines = machines
        self.agent = os.path.join(folder, "agent")
        os.makedirs("/run/netns", exist_ok=True)
        sh("mount --make-rprivate / && mount -t tmpfs none /run/netns && ip link set lo up")
        for i in machines:
            sh(f"ip netns add m{i} && ip -n m{i} link set lo up")
        with open(self.agent, "w") as file:  # what mpirun takes for ssh
            file.write('#!/bin/sh\nm=m${1##*.}\nshift\nexec ip netns exec $m unshare --uts sh -c "hostname $m; $*"\n')
        os.chmod(self.agent, 0o755)

    def mpirun(self, words):
        """On all of them, one rank each."""
        hosts = ",".join(f"10.77.0.{i}" for i in self.machines)
        net = "10.77.0.0/24"
        return [self.agent, "10.77.0.1", "exec", "mpirun", "--allow-run-as-root", "--host", hosts, "-n",
                str(len(self.machines)), "--bind-to", "none", "--mca", "plm_rsh_agent", self.agent, "--mca", "btl",
                "tcp,self", "--mca", "btl_tcp_if_include", net, "--mca", "oob_tcp_if_include", net, *words]


class Wire(Network):
    """A switch, to which each machine sends so many million bits a second.

    What it may send at once after a pause is as little as the kernel can keep the rate with.
    """

    def __init__(self, folder, machines, megabits):
        super().__init__(folder, machines)
        sh("ip link add name switch type bridge && ip link set switch up")
        for i in machines:
            sh(f"ip link add name v{i} type veth peer name p{i} && ip link set p{i} master switch up && "
               f"ip link set v{i} netns m{i} && ip -n m{i} addr add 10.77.0.{i}/24 dev v{i} && ip -n m{i} link set v{i} up")
            sh(f"tc -n m{i} qdisc add dev v{i} root tbf rate {megabits}mbit burst {max(128, megabits // 4)}kb latency 100ms")


class BadWire(Network):
    """One on which each packet takes `delay` seconds, and some are lost.

    As tc's netem has it, which not every kernel can do: here the packets pass through this program.
    """

    def __init__(self, folder, machines, delay, loss):
        super().__init__(folder, machines)
        self.delay, self.loss, self.cut = delay, loss, set()
        self.passed = self.lost = 0
        self.ends = {i: self.plug(i) for i in machines}
        threading.Thread(target=self.carry, daemon=True).start()

    @staticmethod
    def plug(i):
        """The end of the machine's network card (a tun device) that this program holds."""
        libc = ctypes.CDLL(None, use_errno=True)
        network, set_interface, without_names = 0x40000000, 0x400454ca, 0x1001
        with open("/proc/self/ns/net") as here, open(f"/run/netns/m{i}") as there:
            if libc.setns(there.fileno(), network):
                raise OSError(ctypes.get_errno(), "setns")
            try:
                end = os.open("/dev/net/tun", os.O_RDWR | os.O_NONBLOCK)
                fcntl.ioctl(end, set_interface, struct.pack("16sH22x", b"t0", without_names))
            finally:
                libc.setns(here.fileno(), network)
        sh(f"ip -n m{i} addr add 10.77.0.{i}/24 dev t0 && ip -n m{i} link set t0 up")
        return end

    def carry(self):
        chance, under_way, number = random.Random(1), [], 0
        selector = selectors.DefaultSelector()
        for i, end in self.ends.items():
            selector.register(end, selectors.EVENT_READ, i)
        while True:
            wait = max(0, under_way[0][0] - time.monotonic()) if under_way else None
            for key, _ in selector.select(wait):
                packet = os.read(key.fd, 65536)
                to = packet[19] if len(packet) >= 20 and packet[0] >> 4 == 4 else None
                if to not in self.ends or self.cut & {key.data, to} or chance.random() < self.loss:
                    self.lost += 1
                    continue
                number += 1
                heapq.heappush(under_way, (time.monotonic() + self.delay, number, to, packet))
            while under_way and under_way[0][0] <= time.monotonic():
                _, _, to, packet = heapq.heappop(under_way)
                try:
                    os.write(self.ends[to], packet)
                    self.passed += 1
                except BlockingIOError:
                    self.lost += 1


if __name__ == "__main__":
    enter()
    machines, megabits, *command = sys.argv[1:]
    with tempfile.TemporaryDirectory() as folder:
        sys.exit(subprocess.run(Wire(folder, range(1, int(machines) + 1), int(megabits)).mpirun(command)).returncode)
