"""Kinds of fault of a run itself: what befalls the machine, the folder and the process."""

from __future__ import annotations

from pilot_eval.fault_kinds.kind import Kind

KINDS: tuple[Kind, ...] = (
    Kind(
        "RUN-01",
        "An earlier run was killed in the middle of its work",
        ("WARN",),
        "`kill -9` of the whole run, or a power cut, while an output is being written",
        "half a table keeps its final name; Snakemake refuses to go on and advises a command that would bless it",
        "No half file can have a final name: outputs are written beside, synced, and renamed when all of a job's are "
        "there. The next plain run says what it makes again, clears what was left, and its results are the same to the "
        "byte.",
        "Nothing: run again.",
    ),
    Kind(
        "RUN-01b",
        "Interrupted with Ctrl-C",
        ("STOP",),
        "Ctrl-C while a job is at work",
        "the half-written file is marked as incomplete, and the next plain run refuses",
        "The job says that it was interrupted and writes nothing; finished outputs are kept, and the next run goes on.",
        "Run again when you like.",
    ),
    Kind(
        "RUN-02",
        "Another run, or a job that outlived its run, works on this study",
        ("STOP",),
        "only the parent process was killed: its job goes on writing, and a new run is started",
        "the advice to unlock lets two processes write one file",
        "The new run refuses before its first job and names the process and since when. Locks are the kernel's: they "
        "end with their process, however it ends. A job whose run has died writes nothing.",
        "Wait, or end the process that is named.",
    ),
    Kind(
        "RUN-03",
        "A job was killed by the system, or found too little memory",
        ("STOP",),
        "the kernel ends the largest process with signal 9",
        '"at least one job did not complete", without a cause',
        "One line names the rule and the signal. Finished outputs are kept.",
        "Run again with `--cores 1`, or on a larger machine.",
    ),
    Kind(
        "RUN-04",
        "Two runs at once",
        ("STOP",),
        "`snakemake` in two windows, in one folder",
        "the second is told of incomplete files, and advised to bless one that the first is still writing",
        "The second run is refused as RUN-02, before its first job.",
        "Wait for the first.",
    ),
    Kind(
        "RUN-05",
        "The disk is full",
        ("STOP",),
        "less space than five times the deliveries and 50 MB, or a disk that fills up while an output is written",
        "a half-written file, or a traceback without the file's name",
        "Space is asked for before the first job. In the middle of one: one message with the file; the old file, if "
        "there was one, stays, and nothing half-written is left.",
        "Free space and run again.",
    ),
    Kind(
        "RUN-06",
        "A folder or file of the study cannot be written or read",
        ("STOP",),
        "a read-only disk, a folder of somebody else, a file where a folder should be",
        "an error after the first job, hours in",
        "Every folder that a run writes to is asked for before the first job; later, one message with the file.",
        "Change the rights, or run a copy of the study elsewhere.",
    ),
    Kind(
        "RUN-07",
        "A delivery or other file that goes in has new content and an older time stamp",
        ("OK",),
        "an archive unpacked over the delivery, which restores old times",
        "not run again: the old result stays, with status 0",
        "What no rule makes is compared by its content, whatever its time says: what depends on it runs again, and a "
        "delivery that is not as registered stops (ING-27).",
        "Nothing, or register the new delivery.",
    ),
    Kind(
        "RUN-08",
        "The code of an imported module was changed",
        ("OK",),
        "a correction in a module that a rule's own module imports",
        "not run again: Snakemake looks at the script only",
        "Every rule depends on the content of all our modules that it imports, directly or not.",
        "Nothing: run again.",
    ),
    Kind(
        "RUN-09",
        "An output was edited by hand",
        ("STOP",),
        "a number corrected in `results/tables/change_by_area.csv`, or in a table between two rules",
        "it stays, and is published",
        "Checksums of all outputs are compared at the start of every run, also when nothing has to run, and whenever a "
        "rule reads one; without them (a copy from elsewhere) results are held against their manifest. Nothing runs.",
        "Delete the file and run again.",
    ),
    Kind(
        "RUN-10",
        "Configuration, a delivery or code was changed while the run was going",
        ("STOP",),
        "`config/study.yaml` saved again five minutes into a run",
        "every process reads what it finds: outputs of two configurations, mixed",
        "The configuration is read once, at the start. At the end all that went in is compared with the start: the run "
        "fails, and its manifest is taken away.",
        "Run again: what the change concerns is made again.",
    ),
    Kind(
        "RUN-11",
        "An unknown or misspelt key, or a value of another type, in the configuration",
        ("STOP",),
        "`min_respondants: 5`",
        "the default is used, silently",
        "Told with its line and the nearest known key, with all other faults of all files, before any job. The message "
        "has the id of the family CFG.",
        "Correct the key.",
    ),
    Kind(
        "RUN-12",
        "Spaces and accents in the path of the study or of the environment",
        ("OK",),
        "`/home/zoe/my study é/`",
        "Snakemake starts the interpreter unquoted: every job fails",
        "Works, and gives the same bytes.",
        "Nothing.",
    ),
    Kind(
        "RUN-13",
        "The study is not found from this directory",
        ("STOP",),
        "`snakemake -s /path/to/Snakefile` from another folder",
        "a WorkflowError in line 1",
        "One line names the path that was tried.",
        "Run from the study's folder, or name its file: `--config study=PATH`; `--study PATH` for pilot-eval.",
    ),
    Kind(
        "RUN-14",
        "Another locale, time zone, terminal or hash seed",
        ("OK",),
        "LC_ALL=C, PYTHONUTF8=0, an ASCII terminal, TZ=Pacific/Kiritimati",
        "an encoding error after the work is done; other sort orders and days",
        "Files are UTF-8, the terminal is spoken to in ASCII where it must be, nothing depends on locale, clock or "
        "hash seed: the same bytes.",
        "Nothing.",
    ),
    Kind(
        "RUN-15",
        "Windows line ends in configuration or scripts",
        ("OK",),
        "`config/study.yaml` saved with CRLF",
        "a script whose first line names an interpreter that does not exist",
        "Configuration is read the same, no number changes; the repository keeps LF.",
        "Nothing.",
    ),
    Kind(
        "RUN-16",
        "Files from the future",
        ("WARN", "STOP"),
        "the clock was moved, or a backup restored with wrong times",
        "jobs fail because their input is newer than their output, or nothing ever runs again",
        "They get the present time: contents are compared by checksum, times say nothing. A file whose time may not be "
        "set stops.",
        "Nothing, or `touch` the files that are named.",
    ),
    Kind(
        "RUN-17",
        "A package is missing, or in another version than the lock's",
        ("WARN", "STOP"),
        "pandas 3.2.0 is installed, the lock says 3.1.1",
        "numbers differ in the last digits, and nobody knows why",
        "Warned of at the start of every run. A needed package that is missing stops, and so does any other version "
        "when the goal is to verify a release.",
        "`make setup`",
    ),
    Kind(
        "RUN-18",
        "The system could not read or write a file",
        ("STOP",),
        "an input/output error of a failing disk",
        "a traceback, or half a file",
        "One message with the file and the system's words; nothing half-written is left.",
        "Look after the disk and run again.",
    ),
    Kind(
        "RUN-20",
        "A fault of the program",
        ("STOP",),
        "a case that nobody thought of",
        "a traceback on the terminal, perhaps with names in it",
        "One line; the traceback stands in the log that is named, with addresses veiled and no values of tables.",
        "Please report it.",
    ),
)
