package issueledger.evolution;

import static java.nio.charset.StandardCharsets.UTF_8;

import issueledger.log.Commit;
import issueledger.log.Commitments;
import issueledger.log.NewEvent;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A log of one issue, slow-orders, with events in old shapes, as a line of JSON each. Its hashes were computed with Python's hashlib. The
 * file is never changed.
 */
public final class OldLog {
    private static final JsonMapper JSON = new JsonMapper();

    private OldLog() {}

    /**
     * A commit of the file.
     *
     * @param hash as it stands in the file
     */
    public record OldCommit(Commit commit, String hash) {}

    public static List<OldCommit> commits() {
        List<OldCommit> commits = new ArrayList<>();
        List<NewEvent> events = new ArrayList<>();
        List<JsonNode> lines = lines();
        for (int i = 0; i < lines.size(); i++) {
            JsonNode line = lines.get(i);
            events.add(event(line, line.at("/issueId").asString()));
            if (i + 1 == lines.size() || !lines.get(i + 1).at("/commit").equals(line.at("/commit"))) {
                Instant at = Instant.parse(line.at("/recordedAt").asString());
                commits.add(new OldCommit(
                        new Commit(events, null, null, Map.of(), at),
                        line.at("/hash").asString()));
                events.clear();
            }
        }
        return commits;
    }

    /** The file's events in another stream. */
    public static List<NewEvent> events(String stream) {
        return lines().stream().map(line -> event(line, stream)).toList();
    }

    private static NewEvent event(JsonNode line, String stream) {
        return new NewEvent(
                stream + "-" + line.at("/version").asString(),
                stream,
                line.at("/version").asLong() - 1,
                line.at("/type").asString(),
                line.at("/revision").asString(),
                line.at("/payload").asString(),
                line.at("/metadata").asString(),
                Commitments.salted(
                        line.at("/payloadSalt").asString(),
                        line.at("/metadataSalt").asString()));
    }

    private static List<JsonNode> lines() {
        try (InputStream in =
                Objects.requireNonNull(OldLog.class.getResourceAsStream("/evolution/old-log.ndjson"), "old-log")) {
            return new String(in.readAllBytes(), UTF_8)
                    .lines()
                    .map(JSON::readTree)
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
