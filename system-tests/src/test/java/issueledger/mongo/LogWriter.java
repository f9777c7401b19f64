package issueledger.mongo;

import issueledger.log.AppendResult.Appended;
import issueledger.log.AppendResult.Conflict;
import issueledger.log.AppendResult.KeyTaken;
import issueledger.log.AppendResult.Outcome;
import issueledger.log.AppendResult.Unknown;
import issueledger.log.Commit;
import issueledger.log.Commit.IdempotencyKey;
import issueledger.log.EventLog;
import issueledger.log.LogUnavailable;
import issueledger.log.NewEvent;
import issueledger.log.RecordedEvent;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/** Appends commits as command handlers do, one after another, and keeps the outcome of each. Used by one thread. */
final class LogWriter implements Runnable {
    private final String name;
    private final EventLog log;
    private final Map<String, Long> next = new HashMap<>();
    private final Set<String> unsure = new HashSet<>();
    private final Map<String, Appended> acknowledged = new HashMap<>();
    private final Set<String> refused = new HashSet<>();
    private final Set<String> unknown = new HashSet<>();
    private Duration longest = Duration.ZERO;
    private int sent;
    private volatile int successes;
    private volatile boolean stopped;

    LogWriter(String name, EventLog log) {
        this.name = name;
        this.log = log;
    }

    @Override
    public void run() {
        while (!stopped) {
            // Mostly its own stream; now and then one that all write. None grows beyond what an issue does.
            int part = ++sent / 200;
            write((sent % 4 == 0 ? "everybodys-" : name + "-") + part);
        }
    }

    private void write(String stream) {
        long known;
        try {
            known = end(stream);
        } catch (LogUnavailable e) {
            return;
        }
        List<NewEvent> events = new ArrayList<>();
        String id = UUID.randomUUID().toString();
        for (int i = 0; i <= sent % 3; i++) {
            events.add(new NewEvent(
                    i == 0 ? id : id + "-" + i,
                    stream,
                    known + i,
                    "NoteRecorded",
                    "1",
                    "{\"note\":" + (known + i + 1) + ",\"kind\":\"PROGRESS\",\"text\":\"" + name + " " + sent + "\"}",
                    "{\"actor\":\"" + name + "\"}"));
        }
        Commit commit = new Commit(events, sent % 2 == 0 ? new IdempotencyKey(name, "key-" + sent) : null);
        long start = System.nanoTime();
        try {
            told(commit, stream, log.append(List.of(commit)).outcomes().get(0));
        } catch (LogUnavailable e) {
            unsure.add(stream);
            (e.outcome() == LogUnavailable.Outcome.UNKNOWN ? unknown : refused).add(id);
        }
        Duration took = Duration.ofNanos(System.nanoTime() - start);
        longest = took.compareTo(longest) > 0 ? took : longest;
    }

    private void told(Commit commit, String stream, Outcome outcome) {
        switch (outcome) {
            case Appended appended -> {
                acknowledged.put(commit.id(), appended);
                next.put(stream, commit.events().getLast().sequence() + 1);
                successes++;
            }
            case Conflict conflict -> {
                refused.add(commit.id());
                next.put(stream, conflict.next());
            }
            case KeyTaken key -> throw new AssertionError(name + " never uses a key twice: " + key);
            case Unknown u -> throw new AssertionError("is thrown, not answered");
        }
    }

    /** As last told, or as it is read where that is not sure. */
    private long end(String stream) {
        long end = next.getOrDefault(stream, 0L);
        if (unsure.contains(stream)) {
            List<RecordedEvent> page = log.readStream(stream, end, 1_000);
            while (!page.isEmpty()) {
                end = page.getLast().sequence() + 1;
                page = log.readStream(stream, end, 1_000);
            }
            next.put(stream, end);
            unsure.remove(stream);
        }
        return end;
    }

    void stop() {
        stopped = true;
    }

    /** How many commits were acknowledged. */
    int successes() {
        return successes;
    }

    Map<String, Appended> acknowledged() {
        return acknowledged;
    }

    Set<String> refused() {
        return refused;
    }

    Set<String> unknown() {
        return unknown;
    }

    /** How long an append took at most. */
    Duration longest() {
        return longest;
    }
}
