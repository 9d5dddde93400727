"""python3 same_records.py OUT REFERENCE: the record files of both output folders hold the same trials, each once, equal but for run."""
import glob
import json
import sys


def trials(out):
    lines = []
    for path in glob.glob(out + "/records/*.jsonl"):
        for line in open(path, "rb"):
            if line.endswith(b"\n"):  # else it is torn: its process was killed
                record = json.loads(line)
                record.pop("run", None)
                lines.append(json.dumps(record, sort_keys=True))
    return sorted(lines)


ours, reference = trials(sys.argv[1]), trials(sys.argv[2])
if ours != reference:
    sys.exit(f"{sys.argv[1]} holds {len(ours)} records, {len(set(ours) & set(reference))} of them among the {len(reference)} of {sys.argv[2]}")
print(f"{len(ours)} records, each once, equal to those of {sys.argv[2]}")
