"""Multiplies the one published post of a record into a history of many: `history.py DATABASE COUNT`."""

import itertools
import sqlite3
import sys
import uuid

path, count = sys.argv[1], int(sys.argv[2])
record = sqlite3.connect(path)
record.execute("PRAGMA synchronous = OFF")
record.row_factory = sqlite3.Row
# (id, post_id) of every copy, and the ids below it, are made up; everything else is the original's.
post = record.execute(
    "SELECT posts.* FROM posts JOIN publications ON publications.post_id = posts.id WHERE state = 'published'"
).fetchone()


def rows(table, column, value):
    return [dict(row) for row in record.execute(f"SELECT * FROM {table} WHERE {column} = ?", (value,))]


def put(table, copies):
    columns = [column for column in copies[0] if column != "sequence"]
    places = ", ".join(f":{column}" for column in columns)
    record.executemany(f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({places})", copies)


def new(numbers=itertools.count(uuid.uuid4().int >> 1)):
    # One after another, as the real ones are: random ones would be spread over the whole index.
    return str(uuid.UUID(int=next(numbers)))


publications = rows("publications", "post_id", post["id"])
events = {it["id"]: rows("publication_events", "publication_id", it["id"]) for it in publications}
jobs = {it["id"]: rows("jobs", "publication_id", it["id"]) for it in publications}
attempts = {job["id"]: rows("attempts", "job_id", job["id"]) for of in jobs.values() for job in of}
lines = {run["id"]: rows("attempt_lines", "attempt_id", run["id"]) for of in attempts.values() for run in of}

made = {name: [] for name in ("posts", "publications", "publication_events", "jobs", "attempts", "attempt_lines")}
for _ in range(count // len(publications)):
    post_id = new()
    made["posts"].append(dict(post) | {"id": post_id})
    for publication in publications:
        publication_id = new()
        made["publications"].append(publication | {"id": publication_id, "post_id": post_id})
        made["publication_events"] += [it | {"publication_id": publication_id} for it in events[publication["id"]]]
        for job in jobs[publication["id"]]:
            job_id = new()
            made["jobs"].append(job | {"id": job_id, "publication_id": publication_id})
            for run in attempts[job["id"]]:
                run_id = new()
                made["attempts"].append(run | {"id": run_id, "job_id": job_id})
                made["attempt_lines"] += [it | {"attempt_id": run_id} for it in lines[run["id"]]]
for table, copies in made.items():
    if copies:
        put(table, copies)
record.commit()
