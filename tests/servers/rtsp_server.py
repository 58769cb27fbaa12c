"""A real RTSP server of H.264, run by the system's Python, whose GStreamer it uses.

Usage: rtsp_server.py WIDTH HEIGHT [PORT]. Prints the port when it listens; ends when its standard input is closed.
"""

import sys
import threading

import gi

gi.require_version("Gst", "1.0")
gi.require_version("GstRtspServer", "1.0")
from gi.repository import GLib, Gst, GstRtspServer  # noqa: E402  (the versions must be chosen first)

PIPELINE = (
    "( videotestsrc is-live=true pattern=ball ! video/x-raw,width={},height={},framerate=30/1 "
    "! x264enc tune=zerolatency speed-preset=ultrafast key-int-max=15 ! rtph264pay name=pay0 pt=96 config-interval=-1 )"
)


def main() -> int:
    """Serve until standard input ends."""
    width, height = int(sys.argv[1]), int(sys.argv[2])
    Gst.init(None)
    missing = [name for name in ("videotestsrc", "x264enc", "rtph264pay") if Gst.ElementFactory.find(name) is None]
    if missing:
        print("missing", *missing, flush=True)
        return 1
    server = GstRtspServer.RTSPServer()
    server.set_address("127.0.0.1")
    server.set_service(sys.argv[3] if len(sys.argv) > 3 else "0")
    factory = GstRtspServer.RTSPMediaFactory()
    factory.set_launch(PIPELINE.format(width, height))
    factory.set_shared(True)
    server.get_mount_points().add_factory("/camera", factory)
    loop = GLib.MainLoop()
    if server.attach(None) == 0:
        print("missing port", flush=True)
        return 1
    print("port", server.get_bound_port(), flush=True)
    threading.Thread(target=lambda: (sys.stdin.read(), loop.quit()), daemon=True).start()
    loop.run()
    return 0


if __name__ == "__main__":
    sys.exit(main())
