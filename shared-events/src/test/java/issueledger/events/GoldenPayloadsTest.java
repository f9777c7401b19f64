package issueledger.events;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import issueledger.events.IssueEvent.MetricRecorded;
import java.io.IOException;
import java.io.InputStream;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Old logs stay readable: these files are never changed, new ones may be added. */
class GoldenPayloadsTest {

    @ParameterizedTest
    @MethodSource("files")
    void a_payload_is_read_and_written_again_byte_for_byte(Path file) throws IOException {
        String[] name = file.getFileName().toString().replace(".json", "").split("-");
        String payload = Files.readString(file);

        IssueEvent event = EventJson.read(name[0], name[1], payload);

        assertThat(EventJson.write(event).getBytes(UTF_8)).isEqualTo(payload.getBytes(UTF_8));
        assertThat(event)
                .isEqualTo(example(name.length > 2 ? IssueExamples.MINIMAL : IssueExamples.FULL, event.getClass()));
    }

    @Test
    void every_event_has_a_golden_payload_of_its_revision() throws Exception {
        assertThat(files().map(file -> file.getFileName().toString()))
                .containsAll(events().map(type -> EventJson.typeOf(type) + "-" + EventJson.revisionOf(type) + ".json")
                        .toList());
    }

    @Test
    void every_event_with_optional_fields_has_a_minimal_one() throws Exception {
        assertThat(files().map(file -> file.getFileName().toString()).filter(name -> name.endsWith("-minimal.json")))
                .containsExactlyInAnyOrderElementsOf(IssueExamples.MINIMAL.stream()
                        .map(IssueEvent::getClass)
                        .map(type -> EventJson.typeOf(type) + "-" + EventJson.revisionOf(type) + "-minimal.json")
                        .toList());
    }

    @Test
    void every_event_has_one_full_example() {
        assertThat(IssueExamples.FULL.stream().map(IssueEvent::getClass))
                .containsExactlyInAnyOrderElementsOf(events().toList());
    }

    @Test
    void metadata_is_written_in_its_fields_order_and_read_again() {
        String metadata = EventJson.MAPPER.writeValueAsString(IssueExamples.METADATA);

        assertThat(metadata)
                .isEqualTo("{\"actor\":\"ada\",\"reason\":\"Reported by the shop \\\"Blümchen\\\"\","
                        + "\"commandId\":\"019c5b2e-0000-7000-8000-000000000001\","
                        + "\"correlationId\":\"019c5b2e-0000-7000-8000-000000000001\","
                        + "\"causationId\":\"019c5b2e-0000-7000-8000-000000000001\","
                        + "\"traceId\":\"4bf92f3577b34da6a3ce929d0e0e4736\",\"idempotencyKey\":\"order-import-88\","
                        + "\"effectiveAt\":\"2026-02-15T08:00:00.000Z\"}");
        assertThat(EventJson.readMetadata(metadata)).isEqualTo(IssueExamples.METADATA);
    }

    @Test
    void metadata_of_a_later_version_with_more_fields_stays_readable() {
        EventMetadata metadata = EventJson.readMetadata("{\"actor\":\"ada\",\"commandId\":\"c\",\"tenant\":\"north\"}");

        assertThat(metadata.actor()).isEqualTo("ada");
        assertThat(metadata.effectiveAt(IssueExamples.OPENED_AT)).isEqualTo(IssueExamples.OPENED_AT);
    }

    @Test
    void metrics_recorded_before_samples_and_runs_are_read_without_them() throws IOException {
        for (String name : List.of("MetricRecorded-1", "MetricRecorded-1-minimal")) {
            MetricRecorded older = (MetricRecorded) EventJson.read("MetricRecorded", "1", golden("older/" + name));
            MetricRecorded now = (MetricRecorded) EventJson.read("MetricRecorded", "1", golden(name));

            assertThat(older.samples()).isEmpty();
            assertThat(older.run()).isNull();
            assertThat(older)
                    .usingRecursiveComparison()
                    .ignoringFields("samples", "run")
                    .isEqualTo(now);
        }
    }

    private static String golden(String name) throws IOException {
        try (InputStream file =
                Objects.requireNonNull(GoldenPayloadsTest.class.getResourceAsStream("/golden/" + name + ".json"))) {
            return new String(file.readAllBytes(), UTF_8);
        }
    }

    private static Stream<Path> files() throws IOException, URISyntaxException {
        Path folder = Path.of(Objects.requireNonNull(GoldenPayloadsTest.class.getResource("/golden"))
                .toURI());
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.toString().endsWith(".json")).sorted().toList().stream();
        }
    }

    private static Stream<? extends Class<? extends IssueEvent>> events() {
        return Arrays.stream(IssueEvent.class.getPermittedSubclasses()).map(type -> type.asSubclass(IssueEvent.class));
    }

    private static IssueEvent example(List<IssueEvent> examples, Class<?> type) {
        return examples.stream().filter(type::isInstance).findFirst().orElseThrow();
    }
}
