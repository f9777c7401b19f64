package issueledger.bench;

import issueledger.events.EventJson;
import issueledger.events.EventMetadata;
import issueledger.events.IssueEvent;
import issueledger.events.IssueEvent.IssueAssigned;
import issueledger.events.IssueEvent.NoteRecorded;
import issueledger.events.NoteKind;
import issueledger.log.AppendResult.Appended;
import issueledger.log.Commit;
import issueledger.log.NewEvent;
import issueledger.log.sqlite.SqliteEventLog;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.IntFunction;
import tools.jackson.databind.JsonNode;

/** Writes logs for measurements, with the events that commands would have appended. */
final class Ledgers {
    /** How many issues are worked on at the same time. */
    private static final int WINDOW = 200;

    private static final int BATCH = 1_000;

    /** Lives of issues in the demo's words, the first five as many events of each type as there; each part is what one command appends. */
    private static final Map<String, List<List<Event>>> LIVES = read();

    private final SqliteEventLog log;
    private final List<Commit> waiting = new ArrayList<>();
    private final Map<String, Long> next = new HashMap<>();
    private IntFunction<String> actors = command -> "tomas.okafor";
    private int commands;

    private record Event(String type, String payload) {
        static Event of(IssueEvent event) {
            return new Event(EventJson.typeOf(event.getClass()), EventJson.write(event));
        }

        Event with(String word, Object other) {
            return new Event(type, payload.replace(word, other.toString()));
        }
    }

    private record Underway(String id, List<List<Event>> left) {}

    private Ledgers(SqliteEventLog log) {
        this.log = log;
    }

    private static Map<String, List<List<Event>>> read() {
        Map<String, List<List<Event>>> lives = new LinkedHashMap<>();
        try (InputStream file = Ledgers.class.getResourceAsStream("/lives.ndjson")) {
            for (String line : new String(file.readAllBytes(), StandardCharsets.UTF_8).split("\n")) {
                JsonNode command = EventJson.MAPPER.readTree(line);
                List<Event> events = new ArrayList<>();
                for (JsonNode event : command.get("events")) {
                    String payload = event.get("payload").toString();
                    events.add(Event.of(EventJson.read(event.get("type").stringValue(), "1", payload)));
                }
                lives.computeIfAbsent(command.get("life").stringValue(), life -> new ArrayList<>())
                        .add(events);
            }
        } catch (java.io.IOException e) {
            throw new IllegalStateException(e);
        }
        return lives;
    }

    static void write(Path file, Consumer<Ledgers> content) {
        try (SqliteEventLog log = SqliteEventLog.open(file, Clock.systemUTC())) {
            Ledgers ledgers = new Ledgers(log);
            content.accept(ledgers);
            ledgers.flush();
        }
    }

    /** Issues {@code issue-from} to {@code issue-(to - 1)} with 10 events each. */
    void lives(int from, int to) {
        List<List<List<Event>>> lives = List.copyOf(LIVES.values()).subList(0, 5);
        interleave(from, to, number -> life(lives.get(number % 5), "orders/0", "orders/" + number));
    }

    /** Of each 16 issues one is IN_PROGRESS and HIGH and one has a rare word, each tenth has the label database, 20 belong to ada. */
    void listed(int issues) {
        interleave(0, issues, number -> {
            List<List<Event>> life = LIVES.get(number % 4 == 0 ? "listed" : "listed, open");
            life = life(life, "HIGH", number / 4 % 4 == 0 ? "HIGH" : "LOW");
            life = life(life, "frontend", number % 10 == 0 ? "database" : "frontend");
            life = life(life, "priya.raman", number < 20 ? "ada" : "priya.raman");
            return life(life, "Invoice export", number % 16 == 5 ? "Nightly reconciliation" : "Invoice export");
        });
    }

    /** As {@link #lives}; each command in four is by the same actor, and each thousandth by one of ten others. */
    void acted(int from, int to) {
        actors = command -> command % 100 == 7 ? "rare-" + command / 100 % 10 : "actor-" + command % 4;
        lives(from, to);
    }

    private static List<List<Event>> life(List<List<Event>> life, String word, Object other) {
        return life.stream()
                .map(part -> part.stream().map(event -> event.with(word, other)).toList())
                .toList();
    }

    /** Issues {@code small-from} to {@code small-(to - 1)} with their opening alone. */
    void small(int from, int to) {
        for (int number = from; number < to; number++) {
            append("small-" + number, LIVES.get("listed").get(0));
        }
    }

    /** An issue with so many notes. */
    void noted(String id, int notes) {
        append(id, LIVES.get("listed").get(0));
        for (int note = 1; note <= notes; note++) {
            append(
                    id,
                    List.of(Event.of(new NoteRecorded(note, NoteKind.PROGRESS, "4.9 of 5.2 seconds in the traces."))));
        }
    }

    /** An issue of 8 MB: 400 notes of the longest text. */
    void large(String id) {
        append(id, LIVES.get("listed").get(0));
        for (int note = 1; note <= 400; note++) {
            append(id, List.of(Event.of(new NoteRecorded(note, NoteKind.PROGRESS, "slow ".repeat(4_000)))));
        }
    }

    /** An issue with so many events, which say little. */
    void toggled(String id, int events) {
        append(id, LIVES.get("listed").get(0));
        for (int i = 1; i < events; i++) {
            append(id, List.of(Event.of(new IssueAssigned(i % 2 == 0 ? "ada" : "tomas.okafor"))));
        }
    }

    /** The issues of a window advance in turn by one command; one that has come to its end makes room for the next. */
    private void interleave(int from, int to, IntFunction<List<List<Event>>> life) {
        List<Underway> window = new ArrayList<>();
        int number = from;
        while (number < to || !window.isEmpty()) {
            while (number < to && window.size() < WINDOW) {
                window.add(new Underway(
                        "issue-" + number, new ArrayList<>(life.apply(number++).reversed())));
            }
            window.forEach(issue -> append(issue.id(), issue.left().removeLast()));
            window.removeIf(issue -> issue.left().isEmpty());
        }
    }

    private void append(String id, List<Event> events) {
        String command = UUID.randomUUID().toString();
        String metadata = EventJson.MAPPER.writeValueAsString(new EventMetadata(
                actors.apply(commands++),
                null,
                command,
                command,
                command,
                "0af7651916cd43dd8448eb211c80319c",
                null,
                null));
        waiting.add(new Commit(
                events.stream()
                        .map(event -> new NewEvent(
                                UUID.randomUUID().toString(),
                                id,
                                next.merge(id, 1L, Long::sum) - 1,
                                event.type(),
                                "1",
                                event.payload(),
                                metadata))
                        .toList(),
                null));
        if (waiting.size() == BATCH) {
            flush();
        }
    }

    private void flush() {
        if (!log.append(waiting).outcomes().stream().allMatch(Appended.class::isInstance)) {
            throw new IllegalStateException("the log refused what was written for the benchmark");
        }
        waiting.clear();
    }
}
