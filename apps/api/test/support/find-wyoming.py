"""What Home Assistant does to find Wyoming in its network, on this machine only. Prints the address and port of the named service when it is there, and `gone` when it has left."""

import sys
import threading

from zeroconf import ServiceBrowser, ServiceListener, Zeroconf

TYPE = "_wyoming._tcp.local."
wanted = f"{sys.argv[1]}.{TYPE}"
gone = threading.Event()


class Listener(ServiceListener):
    def add_service(self, zc, type_, name):
        info = zc.get_service_info(type_, name) if name == wanted else None
        if info is not None:
            print(*info.parsed_addresses(), info.port, flush=True)

    def update_service(self, zc, type_, name):
        pass

    def remove_service(self, zc, type_, name):
        if name == wanted:
            print("gone", flush=True)
            gone.set()


zeroconf = Zeroconf(interfaces=["127.0.0.1"])
ServiceBrowser(zeroconf, TYPE, Listener())
gone.wait()
zeroconf.close()
