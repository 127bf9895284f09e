"""python -S watch.py PROGRAM ARGUMENTS…: runs a program and writes its time and memory to the last line of stderr.

It is this small because the memory of a process includes that of the process that starts it.
"""

import os
import sys
import time

started = time.perf_counter()
process = os.posix_spawnp(sys.argv[1], sys.argv[1:], os.environ)
_, status, used = os.wait4(process, 0)
seconds = time.perf_counter() - started
cpu_seconds = used.ru_utime + used.ru_stime
# The line is JSON; importing json would double the memory of this process.
sys.stderr.write(f'\n{{"seconds": {seconds}, "cpu_seconds": {cpu_seconds}, "peak_bytes": {used.ru_maxrss * 1024}}}\n')
sys.exit(os.waitstatus_to_exitcode(status))
