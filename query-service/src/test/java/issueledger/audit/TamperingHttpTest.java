package issueledger.audit;

import static issueledger.query.Happenings.OPENED;
import static issueledger.query.Happenings.STARTED;
import static issueledger.query.Happenings.TESTING;
import static issueledger.query.Happenings.note;
import static org.assertj.core.api.Assertions.assertThat;

import issueledger.events.EventJson;
import issueledger.log.Commit;
import issueledger.log.Commit.IdempotencyKey;
import issueledger.log.EventLog;
import issueledger.log.LogHead;
import issueledger.log.NewEvent;
import issueledger.log.sqlite.SqliteEventLog;
import issueledger.query.Query;
import issueledger.query.Query.Answer;
import issueledger.query.QueryService;
import issueledger.query.QueryServiceTest;
import issueledger.query.Recorder;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.SpringApplication;
import org.springframework.context.ConfigurableApplicationContext;
import tools.jackson.databind.JsonNode;

/**
 * Changes the files of an embedded ledger behind the service's back, one thing at a time, and asks {@code /audit/verify}. The answers are
 * written to {@code target/tampering.txt}.
 */
class TamperingHttpTest {
    private static final Path DIRECTORY = QueryServiceTest.directory();
    private static final Map<String, String> SAID = new LinkedHashMap<>();

    private static ConfigurableApplicationContext service;
    private static Query query;
    private static LogHead head = LogHead.EMPTY;
    private static Table events;
    private static List<Table> views = List.of();

    /** A table as it was written. */
    private record Table(Path file, String name, List<List<Object>> rows) {
        static Table of(Path file, String name) throws SQLException {
            try (Connection connection = connect(file);
                    Statement statement = connection.createStatement();
                    ResultSet row = statement.executeQuery("SELECT * FROM " + name)) {
                List<List<Object>> rows = new ArrayList<>();
                while (row.next()) {
                    List<Object> values = new ArrayList<>();
                    for (int i = 1; i <= row.getMetaData().getColumnCount(); i++) {
                        values.add(row.getObject(i));
                    }
                    rows.add(values);
                }
                return new Table(file, name, rows);
            }
        }

        void restore() throws SQLException {
            try (Connection connection = connect(file);
                    Statement delete = connection.createStatement()) {
                connection.setAutoCommit(false);
                delete.execute("DELETE FROM " + name);
                String marks = "?" + ", ?".repeat(rows.getFirst().size() - 1);
                try (PreparedStatement insert =
                        connection.prepareStatement("INSERT INTO " + name + " VALUES (" + marks + ")")) {
                    for (List<Object> values : rows) {
                        for (int i = 0; i < values.size(); i++) {
                            insert.setObject(i + 1, values.get(i));
                        }
                        insert.execute();
                    }
                }
                connection.commit();
            }
        }
    }

    private static Connection connect(Path file) throws SQLException {
        return DriverManager.getConnection("jdbc:sqlite:" + file);
    }

    private static void execute(Path file, String... statements) throws SQLException {
        try (Connection connection = connect(file);
                Statement statement = connection.createStatement()) {
            statement.execute("PRAGMA busy_timeout = 4000");
            statement.execute("BEGIN IMMEDIATE");
            for (String sql : statements) {
                statement.execute(sql);
            }
            statement.execute("COMMIT");
        }
    }

    private static Path log() {
        return DIRECTORY.resolve("events.db");
    }

    private static void dropTriggers() throws SQLException {
        execute(
                log(),
                "DROP TRIGGER IF EXISTS events_are_never_updated",
                "DROP TRIGGER IF EXISTS events_are_never_deleted",
                "DROP TRIGGER IF EXISTS events_are_only_appended");
    }

    @BeforeAll
    static void start() throws Exception {
        Files.createDirectories(DIRECTORY);
        try (EventLog log = SqliteEventLog.open(log(), Clock.systemUTC())) {
            Recorder recorder = new Recorder(log);
            recorder.record("one", OPENED);
            recorder.record("one", STARTED, note(1, "first"), note(2, "second"));
            log.append(List.of(new Commit(
                    List.of(new NewEvent(
                            "e-5",
                            "two",
                            0,
                            "IssueOpened",
                            "1",
                            EventJson.write(OPENED),
                            Recorder.metadata("ada", null, null)
                                    .replace("\"idempotencyKey\":null", "\"idempotencyKey\":\"k-1\""))),
                    new IdempotencyKey("ada", "k-1"),
                    "f".repeat(64),
                    Map.of())));
            recorder = Recorder.goingOn(log);
            recorder.record("two", STARTED);
            recorder.record("one", TESTING);
            recorder.record("two", TESTING, note(1, "unmistakable"));
            recorder.record("three", OPENED);
            head = log.head();
        }
        service = SpringApplication.run(
                QueryService.class,
                "--server.port=0",
                "--issue-ledger.data-dir=" + DIRECTORY,
                "--spring.jmx.enabled=false");
        query = new Query(service.getEnvironment().getRequiredProperty("local.server.port", Integer.class));
        assertThat(query.get("/issues", "Ledger-Min-Position", "10").items()).hasSize(3);
        dropTriggers();
        events = Table.of(log(), "events");
        views = List.of(
                view("issues", "issues"),
                view("issues", "pieces"),
                view("issues", "entries"),
                view("issues", "words"),
                view("analytics", "facts"),
                view("events", "names"),
                view("events", "events"),
                view("tlog", "tiles"));
        while (query.get("/audit/checkpoints").items().stream()
                .noneMatch(item -> item.get("size").asLong() == 10)) {
            Thread.onSpinWait();
        }
    }

    private static Table view(String projection, String table) throws IOException, SQLException {
        return Table.of(viewsOf(projection), table);
    }

    private static Path viewsOf(String projection) throws IOException {
        try (Stream<Path> files = Files.list(DIRECTORY)) {
            return files.filter(path -> path.toString().matches(".*views-" + projection + "-.*\\.db"))
                    .findFirst()
                    .orElseThrow();
        }
    }

    @AfterEach
    void restore() throws Exception {
        events.restore();
        for (Table table : views) {
            table.restore();
        }
        forgetWhatWasSigned();
        JsonNode verdict = verify("");
        for (int i = 0; i < 5 && !verdict.get("ok").asBoolean(); i++) {
            forgetWhatWasSigned(); // A checkpoint may have been signed just then.
            verdict = verify("");
        }
        assertThat(verdict.get("ok").asBoolean())
                .as("all is as it was: " + verdict)
                .isTrue();
    }

    /** The service signs an event that it sees at position 11. */
    private static void forgetWhatWasSigned() throws Exception {
        execute(viewsOf("tlog"), "UPDATE checkpoint SET position = 10");
        execute(DIRECTORY.resolve("checkpoints.db"), "DELETE FROM checkpoints WHERE size > 10");
    }

    @AfterAll
    static void stop() throws IOException {
        service.close();
        List<String> lines = new ArrayList<>();
        SAID.forEach((what, said) -> lines.add("%-70s | %s".formatted(what, said)));
        Files.write(Path.of("target", "tampering.txt"), lines);
    }

    private static JsonNode verify(String kept) {
        Answer answer = query.get("/audit/verify" + kept);
        assertThat(answer.status()).as(answer.body()).isEqualTo(200);
        return answer.json();
    }

    private static String kept() {
        return "?position=" + head.position() + "&hash=" + head.hash();
    }

    /** What the product says, in short. */
    private static String said(String tampering, String kept) {
        JsonNode verdict = verify(kept);
        JsonNode difference = verdict.get("difference");
        assertThat(difference.isNull()).isEqualTo(verdict.get("ok").asBoolean());
        String said = difference.isNull()
                ? "ok"
                : difference.get("what").asString() + " at "
                        + difference.get("position").asLong() + " of "
                        + difference.get("issueId").asString("-");
        SAID.put(
                tampering + (kept.isEmpty() ? "" : " (with a kept head)"),
                said
                        + (difference.isNull()
                                ? ""
                                : ": " + difference.get("detail").asString()));
        return said;
    }

    /** Flips the lowest bit of the middle character of a text, or of a number. */
    private static void flip(Path file, String table, String column, String where) throws SQLException {
        try (Connection connection = connect(file);
                Statement statement = connection.createStatement();
                PreparedStatement update = connection.prepareStatement("UPDATE " + table + " SET " + column
                        + " = CASE WHEN typeof(" + column + ") = 'text' THEN CAST(? AS TEXT) ELSE ? END WHERE "
                        + where)) {
            Object value;
            try (ResultSet row =
                    statement.executeQuery("SELECT " + column + " FROM " + table + " WHERE " + where + " LIMIT 1")) {
                assertThat(row.next()).isTrue();
                value = row.getObject(1);
            }
            switch (value) {
                case Number number -> {
                    // The numbers beside it are taken.
                    long flipped = number.longValue()
                            ^ (List.of("sequence", "position", "n").contains(column) ? 64 : 1);
                    update.setLong(1, flipped);
                    update.setLong(2, flipped);
                }
                case String text -> {
                    byte[] bytes = text.getBytes(java.nio.charset.StandardCharsets.UTF_8);
                    byte middle = bytes[bytes.length / 2];
                    // A digit of a hexadecimal number stays one.
                    bytes[bytes.length / 2] ^= (byte) (middle == 'a' || middle == 'f' ? 3 : 1);
                    update.setBytes(1, bytes);
                    update.setBytes(2, bytes);
                }
                default -> {
                    byte[] bytes = ((byte[]) value).clone();
                    bytes[bytes.length / 2] ^= 1;
                    update.setBytes(1, bytes);
                    update.setBytes(2, bytes);
                }
            }
            assertThat(update.executeUpdate()).isGreaterThan(0);
        }
    }

    @ParameterizedTest
    @CsvSource(textBlock = """
        position,        GAP at 6 of -
        stream,          SEQUENCE at 6 of
        sequence,        SEQUENCE at 6 of two
        type,            HASH at 6 of two
        revision,        HASH at 6 of two
        recorded_at,     at 6 of
        payload,         HASH at 6 of two
        metadata,        HASH at 6 of two
        payload_salt,    HASH at 6 of two
        metadata_salt,   HASH at 6 of two
        commit_position, HASH at 6 of two
        commit_number,   HASH at 6 of two
        commit_hash,     HASH at 6 of two
        """)
    void a_bit_of_a_column_that_the_chain_holds(String column, String expected) throws SQLException {
        flip(log(), "events", column, "position = 6");

        assertThat(said("a bit of events." + column + " at 6", "")).contains(expected);
    }

    @Test
    void a_bit_of_an_idempotency_key() throws SQLException {
        flip(log(), "events", "idempotency_key", "position = 5");

        assertThat(said("a bit of events.idempotency_key at 5", "")).isEqualTo("HASH at 5 of two");
    }

    /** As docs/log-format.md says. */
    @ParameterizedTest
    @ValueSource(strings = {"event_id", "request"})
    void a_bit_of_a_column_that_proves_nothing(String column) throws SQLException {
        flip(log(), "events", column, "position = 5");

        assertThat(said("a bit of events." + column + " at 5 (no part of the entry)", ""))
                .isEqualTo("ok");
    }

    @ParameterizedTest
    @CsvSource(delimiter = ';', quoteCharacter = '`', textBlock = """
        one row deleted                      ; GAP at 3 of -   ; DELETE FROM events WHERE position = 3
        the first row deleted                ; GAP at 1 of -   ; DELETE FROM events WHERE position = 1
        a whole commit deleted               ; GAP at 2 of -   ; DELETE FROM events WHERE commit_position = 2
        a commit's last row deleted          ; GAP at 9 of -   ; DELETE FROM events WHERE position = 9
        the log cut off within a commit      ; HASH at 8 of two; DELETE FROM events WHERE position >= 9
        two rows swapped                     ; SEQUENCE at 3 of one; UPDATE events SET position = -position WHERE position IN (3, 4) ~ UPDATE events SET position = 7 + position WHERE position < 0
        the last row re-numbered             ; GAP at 10 of -  ; UPDATE events SET position = 11, commit_position = 11 WHERE position = 10
        a row of another time                ; TIME at 7 of one; UPDATE events SET recorded_at = '2001-01-01T00:00:00.000Z' WHERE position = 7
        a time that is none                  ; UNREADABLE at 7 of -; UPDATE events SET recorded_at = 'yesterday' WHERE position = 7
        a salt that is none                  ; UNREADABLE at 7 of -; UPDATE events SET payload_salt = 'salt' WHERE position = 7
        a payload that is no UTF-8           ; UNREADABLE at 7 of -; UPDATE events SET payload = CAST(x'7BEDBFBD7D' AS TEXT) WHERE position = 7
        two payloads swapped, salts too      ; HASH at 2 of one; UPDATE events SET position = -position WHERE position IN (3, 4) ~ UPDATE events SET position = 7 + position, sequence = CASE sequence WHEN 2 THEN 93 ELSE 92 END WHERE position < 0 ~ UPDATE events SET sequence = sequence - 90 WHERE sequence > 90
        a text erased without a record of it ; HASH at 7 of one; UPDATE events SET payload_commitment = lower(hex(zeroblob(32))), payload_salt = NULL WHERE position = 7
        an idempotency key removed           ; HASH at 5 of two; UPDATE events SET idempotency_key = NULL WHERE position = 5
        an idempotency key of another        ; HASH at 6 of two; UPDATE events SET idempotency_key = 'ada' || char(10) || 'k-2' WHERE position = 6
        a type of two lines                  ; UNREADABLE at 7 of one; UPDATE events SET type = type || char(10) || '1' WHERE position = 7
        """)
    void rows_of_the_log(String tampering, String expected, String sql) throws SQLException {
        execute(log(), sql.split("~"));

        assertThat(said(tampering, "")).isEqualTo(expected);
    }

    @Test
    void the_end_cut_off_is_found_with_a_kept_head() throws SQLException {
        execute(log(), "DELETE FROM events WHERE position = 10");

        assertThat(said("the end cut off", kept())).isEqualTo("GAP at 10 of -");
        assertThat(said("the end cut off", "")).isEqualTo("CHECKPOINT at 10 of -"); // It was signed.
    }

    @Test
    void a_chain_written_anew_is_found_with_a_kept_head() throws SQLException {
        execute(log(), "DELETE FROM events WHERE position >= 7");
        try (EventLog rewritten = SqliteEventLog.open(log(), Clock.systemUTC())) {
            Recorder recorder = Recorder.goingOn(rewritten);
            recorder.record("one", TESTING);
            recorder.record("two", TESTING, note(1, "unmistakeable"));
            recorder.record("three", OPENED);
        }
        dropTriggers();

        assertThat(said("the chain written anew from 7 on", kept())).isEqualTo("HASH at 10 of three");
        // The tree still has the leaves that were signed.
        assertThat(said("the chain written anew from 7 on", "")).isEqualTo("CHECKPOINT at 7 of one");
    }

    @Test
    void a_row_doubled_at_the_end() throws SQLException {
        execute(
                log(),
                "INSERT INTO events SELECT 11, stream, sequence + 3, type, revision, recorded_at, payload, metadata,"
                        + " 'e-11', 11, commit_number + 1, commit_hash, NULL, NULL, payload_salt, metadata_salt, NULL,"
                        + " NULL FROM events WHERE position = 10");

        assertThat(said("a row doubled at the end", "")).isEqualTo("SEQUENCE at 11 of three");
        execute(log(), "UPDATE events SET sequence = 1 WHERE position = 11");
        assertThat(said("a row doubled at the end, with the next version", "")).isEqualTo("HASH at 11 of three");
        awaitViewsOf11();
        restoreFromRebuild();
    }

    /** The service follows the log and holds the position that is deleted again. */
    private static void awaitViewsOf11() {
        query.get("/issues", "Ledger-Min-Position", "11");
    }

    private void restoreFromRebuild() throws SQLException {
        for (Table table : views) {
            table.restore();
        }
        for (Path file : Set.copyOf(views.stream().map(Table::file).toList())) {
            execute(file, "DELETE FROM parked", "UPDATE checkpoint SET position = 10");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "version",
                "seen",
                "opened_at",
                "updated_at",
                "rank",
                "item",
                "item_crc",
                "facets",
                "pieces",
                "crc",
                "id",
                "n"
            })
    void a_bit_of_a_row_of_a_view(String column) throws SQLException {
        flip(
                views.getFirst().file(),
                "issues",
                column,
                "id = 'two'".replace("id =", column.equals("n") ? "n = 99 OR id =" : "id ="));

        assertThat(said("a bit of the views' issues." + column, "")).startsWith("VIEW at ");
    }

    @ParameterizedTest
    @CsvSource(delimiter = ';', quoteCharacter = '`', textBlock = """
        a view deleted                         ; DELETE FROM issues WHERE id = 'two'
        a view's JSON deleted                  ; DELETE FROM pieces WHERE key = (SELECT n * 1048576 FROM issues WHERE id = 'two')
        a view's words deleted                 ; DELETE FROM pieces WHERE key = (SELECT n * 1048576 + 1048575 FROM issues WHERE id = 'two')
        a checksum of a view's JSON            ; UPDATE pieces SET crc = crc + 1 WHERE key = (SELECT n * 1048576 FROM issues WHERE id = 'two')
        a view of no issue                     ; INSERT INTO issues SELECT 7, 'seven', version, seen, opened_at, updated_at, rank, item, item_crc, facets, pieces, crc FROM issues WHERE id = 'two'
        an entry of the list deleted           ; DELETE FROM entries WHERE facet = 'status=TESTING' AND sort = 1 AND id = 'two'
        an entry of the list of another order  ; UPDATE entries SET key = key + 1 WHERE facet = '' AND sort = 1 AND id = 'two'
        an entry of the list of another filter ; UPDATE entries SET facet = 'status=FIXED' WHERE facet = 'status=TESTING' AND sort = 1 AND id = 'two'
        an entry of the list of another issue  ; UPDATE entries SET n = (SELECT n FROM issues WHERE id = 'one') WHERE facet = '' AND sort = 1 AND id = 'two'
        an entry of the list too many          ; INSERT INTO entries VALUES ('label=x', 1, 5, 'two', (SELECT n FROM issues WHERE id = 'two'))
        an entry of the list of no issue       ; INSERT INTO entries VALUES ('label=x', 1, 5, 'ninety', 9000)
        a word deleted                         ; DELETE FROM words WHERE word = 'unmistakable'
        a bit of a word's issues               ; UPDATE words SET bits = bits + (1 << (SELECT n FROM issues WHERE id = 'one')) WHERE word = 'unmistakable'
        a letter of a word                     ; UPDATE words SET word = 'unmistakeable' WHERE word = 'unmistakable'
        a word too many                        ; INSERT INTO words VALUES ('zebra', 0, 0)
        a word of no issue                     ; INSERT INTO words VALUES ('zebra', 900, 1)
        """)
    void rows_of_the_views(String tampering, String sql) throws SQLException {
        execute(views.getFirst().file(), sql);

        assertThat(said(tampering, "")).startsWith("VIEW at ");
    }

    @ParameterizedTest
    @CsvSource({
        "analytics, facts, facts, VIEW at 9 of two",
        "analytics, facts, crc, VIEW at 9 of two",
        "analytics, facts, id, VIEW at ",
        "events, events, nth, VIEW at 5 of two",
        "events, events, actor, VIEW at 5 of two",
        "events, events, type, VIEW at 5 of two",
        "events, events, issue, VIEW at 5 of two",
        "events, names, name, VIEW at ",
        "tlog, tiles, hashes, VIEW at 6 of two"
    })
    void a_bit_of_a_row_of_another_projection(String projection, String table, String column, String expected)
            throws Exception {
        String where = switch (table) {
            case "events" -> "position = 5";
            case "facts" -> "id = 'two'";
            case "tiles" -> "key = 0";
            default -> "name = 'two'";
        };
        flip(viewsOf(projection), table, column, where);

        assertThat(said("a bit of " + projection + "' " + table + "." + column, ""))
                .startsWith(expected);
    }

    @ParameterizedTest
    @CsvSource(delimiter = ';', quoteCharacter = '`', textBlock = """
        the facts of an issue deleted    ; analytics; VIEW at 5 of two ; DELETE FROM facts WHERE id = 'two'
        the facts of no issue            ; analytics; VIEW at          ; INSERT INTO facts SELECT 'zero', write, facts, crc FROM facts WHERE id = 'two'
        the facts of another issue       ; analytics; VIEW at 9 of two ; UPDATE facts SET (facts, crc) = (SELECT facts, crc FROM facts WHERE id = 'one') WHERE id = 'two'
        a row of the events' index lost  ; events   ; VIEW at 7 of one ; DELETE FROM events WHERE position = 7
        """)
    void rows_of_other_projections(String tampering, String projection, String expected, String sql) throws Exception {
        execute(viewsOf(projection), sql);

        assertThat(said(tampering, "")).startsWith(expected);
    }

    @Test
    void a_view_forged_with_its_checksum() throws SQLException {
        Path file = views.getFirst().file();
        try (Connection connection = connect(file);
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(
                        "SELECT p.key, p.json FROM pieces p JOIN issues i ON p.key = i.n * 1048576 WHERE i.id ="
                                + " 'two'")) {
            assertThat(row.next()).isTrue();
            long key = row.getLong(1);
            byte[] forged = new String(row.getBytes(2), java.nio.charset.StandardCharsets.UTF_8)
                    .replace("\"by\":\"ada\"", "\"by\":\"eve\"")
                    .getBytes(java.nio.charset.StandardCharsets.UTF_8);
            CRC32C crc = new CRC32C();
            crc.update(ByteBuffer.allocate(Long.BYTES).putLong(0, key));
            crc.update(forged);
            try (PreparedStatement update =
                    connection.prepareStatement("UPDATE pieces SET json = ?, crc = ? WHERE key = ?")) {
                update.setBytes(1, forged);
                update.setLong(2, (int) crc.getValue());
                update.setLong(3, key);
                update.execute();
            }
        }

        assertThat(said("a view forged with its checksum", "")).isEqualTo("VIEW at 9 of two");
    }
}
