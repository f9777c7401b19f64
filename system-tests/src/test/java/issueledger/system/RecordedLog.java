package issueledger.system;

import static org.assertj.core.api.Assertions.assertThat;

import issueledger.system.Ledger.Answer;
import issueledger.system.Writer.Acknowledged;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Reads {@code /events} of a query service incrementally and compares it with the answers that writers got. */
final class RecordedLog {
    private static final JsonMapper JSON = new JsonMapper();
    private static final int PAGE = 10_000;

    private final int queryPort;
    private final Map<String, Long> versions = new HashMap<>();
    private final Map<String, List<String>> notes = new HashMap<>();
    private long position;
    private String hash = "";

    RecordedLog(int queryPort) {
        this.queryPort = queryPort;
    }

    /** Skips events that were there before this run's writers. */
    void goesOn() {
        for (JsonNode event : readOn()) {
            versions.put(
                    event.at("/issueId").stringValue(), event.at("/version").longValue());
            position = event.at("/position").longValue();
            hash = event.at("/hash").stringValue();
        }
    }

    /**
     * Reads what has come since the last call; it must have no gap in its positions or its issues' versions, and of the writers' notes
     * exactly those that were acknowledged, as they were, none that was refused, and any other at most once.
     *
     * @return how many of an unknown outcome have landed
     */
    int holdsWhatWasTold(Collection<Writer> writers) {
        whatWasReadBeforeStands();
        Map<String, Acknowledged> landed = new HashMap<>();
        Set<String> touched = new HashSet<>();
        for (JsonNode event : readOn()) {
            String issue = event.at("/issueId").stringValue();
            long version = event.at("/version").longValue();
            assertThat(event.at("/position").longValue()).isEqualTo(++position);
            assertThat(version).as("the next version of %s", issue).isEqualTo(versions.merge(issue, 1L, Long::sum));
            hash = event.at("/hash").stringValue();
            if (event.at("/type").stringValue().equals("NoteRecorded")) {
                String text = event.at("/payload/text").stringValue();
                assertThat(landed.put(text, new Acknowledged(issue, version, position, text)))
                        .as("%s lands once", text)
                        .isNull();
                notes.computeIfAbsent(issue, id -> new ArrayList<>()).add(text);
                touched.add(issue);
            }
        }
        int unknown = 0;
        for (Writer writer : writers) {
            assertThat(writer.acknowledged())
                    .isSortedAccordingTo((one, next) -> Long.compare(one.position(), next.position()))
                    .allSatisfy(told -> assertThat(landed.remove(told.text())).isEqualTo(told));
            assertThat(landed).doesNotContainKeys(writer.refused().toArray(String[]::new));
            for (String text : writer.unknown()) {
                unknown += landed.remove(text) == null ? 0 : 1;
            }
        }
        assertThat(landed).as("what nobody wrote").isEmpty();
        touched.forEach(this::viewEqualsLog);
        return unknown;
    }

    private void whatWasReadBeforeStands() {
        if (position > 0) {
            JsonNode last = Ledger.get(queryPort, "/events?limit=1&after=" + (position - 1))
                    .json()
                    .at("/items/0");
            assertThat(last.at("/position").longValue()).isEqualTo(position);
            assertThat(last.at("/hash").stringValue()).isEqualTo(hash);
        }
    }

    private List<JsonNode> readOn() {
        List<JsonNode> events = new ArrayList<>();
        List<JsonNode> page;
        do {
            page = Ledger.get(
                            queryPort,
                            "/events?limit=" + PAGE + "&after=" + (position + events.size()),
                            "Accept",
                            "application/x-ndjson")
                    .text()
                    .lines()
                    .map(JSON::readTree)
                    .toList();
            events.addAll(page);
        } while (!page.isEmpty());
        return events;
    }

    private void viewEqualsLog(String issue) {
        Answer view = Ledger.get(queryPort, "/issues/" + issue, "Ledger-Min-Position", Long.toString(position));
        assertThat(view.status()).as(view.text()).isEqualTo(200);
        assertThat(view.json()
                        .at("/notes")
                        .valueStream()
                        .map(note -> note.at("/text").stringValue()))
                .isEqualTo(notes.get(issue));
    }

    long position() {
        return position;
    }

    String hash() {
        return hash;
    }
}
