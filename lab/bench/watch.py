"""python -S watch.py PROGRAM ARGUMENTS…: runs a program and says on the last line of stderr what it took.

It is this small because a process is charged the memory of the one that starts it.
"""

import os
import sys
import time

started = time.perf_counter()
process = os.posix_spawnp(sys.argv[1], sys.argv[1:], os.environ)
_, status, used = os.wait4(process, 0)
seconds = time.perf_counter() - started
cpu_seconds = used.ru_utime + used.ru_stime
# The line is JSON; importing json would double what this process holds.
sys.stderr.write(f'\n{{"seconds": {seconds}, "cpu_seconds": {cpu_seconds}, "peak_bytes": {used.ru_maxrss * 1024}}}\n')
sys.exit(os.waitstatus_to_exitcode(status))
