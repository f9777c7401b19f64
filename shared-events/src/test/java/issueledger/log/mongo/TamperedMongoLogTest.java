package issueledger.log.mongo;

import static issueledger.log.LogExamples.appended;
import static issueledger.log.LogExamples.commit;
import static issueledger.log.LogExamples.note;
import static org.assertj.core.api.Assertions.assertThat;

import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoClients;
import com.mongodb.client.MongoCollection;
import com.mongodb.client.MongoDatabase;
import de.bwaldvogel.mongo.MongoServer;
import de.bwaldvogel.mongo.backend.memory.MemoryBackend;
import issueledger.log.LogHead;
import issueledger.log.LogVerifier;
import issueledger.log.LogVerifier.Difference;
import issueledger.log.LogVerifier.KeptHead;
import issueledger.log.LogVerifier.Verified;
import issueledger.log.StoppedClock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Consumer;
import org.bson.Document;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Changes documents of the log behind the product's back and verifies it. What was found is written to target/tampering-mongodb.txt. */
class TamperedMongoLogTest {
    private static final Map<String, String> SAID = new LinkedHashMap<>();

    private static MongoServer server;
    private static MongoClient client;

    private final MongoDatabase database = client.getDatabase("ledger-" + UUID.randomUUID());
    private final MongoCollection<Document> commits = database.getCollection(MongoEventLog.COMMITS);
    private LogHead head = LogHead.EMPTY;

    @BeforeAll
    static void start() {
        server = new MongoServer(new MemoryBackend());
        client = MongoClients.create("mongodb://127.0.0.1:" + server.bind().getPort());
    }

    @AfterAll
    static void stop() throws IOException {
        client.close();
        server.shutdownNow();
        List<String> lines = new ArrayList<>();
        SAID.forEach((what, said) -> lines.add("%-50s | %s".formatted(what, said)));
        Files.write(Path.of("target", "tampering-mongodb.txt"), lines);
    }

    private MongoEventLog open() {
        return MongoEventLog.open(database, "The database", new StoppedClock(Instant.parse("2026-02-14T09:30:00Z")));
    }

    @BeforeEach
    void writeALog() {
        try (MongoEventLog log = open()) {
            appended(log, commit(note("a", 0), note("b", 0), note("a", 1)));
            appended(log, commit(note("b", 1)));
            appended(log, commit(note("a", 2), note("c", 0)));
            appended(log, commit(note("c", 1)));
            head = log.head();
        }
    }

    @AfterEach
    void drop() {
        database.drop();
    }

    private Verified verified(@Nullable KeptHead kept) {
        try (MongoEventLog log = open()) {
            return new LogVerifier(log).verify(log.head().position(), kept, events -> {});
        }
    }

    private void changed(String tampering, long commit, Consumer<Document> change, String expected) {
        Document document = commits.find(new Document("_id", commit)).first();
        assertThat(document).isNotNull();
        Document before = copy(document);
        change.accept(document);
        commits.replaceOne(new Document("_id", commit), document);
        said(tampering, null, expected);
        commits.replaceOne(new Document("_id", commit), before);
    }

    private void said(String tampering, @Nullable KeptHead kept, String expected) {
        Difference difference = verified(kept).difference();
        SAID.put(
                tampering,
                difference == null
                        ? "ok"
                        : difference.what() + " at " + difference.position() + " of "
                                + (difference.stream() == null ? "-" : difference.stream()) + ": "
                                + difference.detail());
        assertThat(String.valueOf(SAID.get(tampering))).as(tampering).startsWith(expected);
    }

    private static Document copy(Document commit) {
        return new Document(commit)
                .append(
                        "events",
                        new ArrayList<>(commit.getList("events", Document.class).stream()
                                .map(Document::new)
                                .toList()));
    }

    private static Document event(Document commit, int index) {
        return commit.getList("events", Document.class).get(index);
    }

    private static String flipped(String text) {
        char[] characters = text.toCharArray();
        char c = characters[characters.length / 2];
        characters[characters.length / 2] ^=
                (char) (c == 'a' || c == 'f' ? 3 : 1); // A digit of a hexadecimal number stays one.
        return new String(characters);
    }

    @Test
    void a_log_that_nobody_changed_is_proven() {
        Verified verified = verified(new KeptHead(head.position(), head.hash()));

        assertThat(verified).isEqualTo(new Verified(7, 4, 0, head.hash(), null));
    }

    @Test
    void a_bit_of_every_field_is_found() {
        for (String field : List.of("payload", "metadata", "payloadSalt", "metadataSalt", "type", "revision")) {
            changed(
                    "a bit of events." + field,
                    4,
                    commit ->
                            event(commit, 0).put(field, flipped(event(commit, 0).getString(field))),
                    "HASH at 4 of b");
        }
        changed("a bit of events.stream", 4, commit -> event(commit, 0).put("stream", "d"), "SEQUENCE at 4 of d");
        changed("a bit of events.sequence", 4, commit -> event(commit, 0).put("sequence", 9L), "SEQUENCE at 4 of b");
        changed("a bit of hash", 4, commit -> commit.put("hash", flipped(commit.getString("hash"))), "HASH at 4 of b");
        changed("a bit of number", 4, commit -> commit.put("number", 3L), "HASH at 4 of b");
        changed("a bit of n", 4, commit -> commit.put("n", 0), "UNREADABLE at 4");
        changed("n as a text", 4, commit -> commit.put("n", "one"), "UNREADABLE at 4");
        changed("no hash", 4, commit -> commit.remove("hash"), "UNREADABLE at 4");
        changed("an earlier time", 4, c -> c.put("recordedAt", "2001-01-01T00:00:00.000Z"), "TIME at 4 of b");
        changed("another time", 4, c -> c.put("recordedAt", "2026-02-14T09:30:00.001Z"), "HASH at 4 of b");
        changed("a time that is none", 4, c -> c.put("recordedAt", "yesterday"), "UNREADABLE at 4");
        changed(
                "an erasure without a record",
                4,
                commit -> {
                    event(commit, 0).remove("payloadSalt");
                    event(commit, 0).put("payloadCommitment", "0".repeat(64));
                },
                "HASH at 4 of b");
        changed(
                "two events of a commit swapped",
                1,
                commit -> java.util.Collections.swap(commit.getList("events", Document.class), 0, 1),
                "HASH at 1 of b");
    }

    @Test
    void a_commit_that_is_missing_or_elsewhere_is_found() {
        Document third = commits.find(new Document("_id", 5L)).first();
        assertThat(third).isNotNull();
        commits.deleteOne(new Document("_id", 5L));
        said("a commit deleted", null, "GAP at 5 of -");
        Document moved = copy(third);
        moved.put("_id", 9L);
        commits.insertOne(moved);
        said("a commit re-numbered", null, "GAP at 5 of -");
        commits.deleteOne(new Document("_id", 9L));
        commits.insertOne(third);
        said("put back", null, "ok");

        commits.deleteOne(new Document("_id", 7L));
        said("the end cut off", null, "ok");
        said("the end cut off (with a kept head)", new KeptHead(7, head.hash()), "GAP at 7 of -");
    }
}
