package issueledger.events;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class Rfc3339Test {

    @ParameterizedTest
    @CsvSource({
        "2026-02-14T09:30:00Z, 2026-02-14T09:30:00.000Z",
        "2026-02-14t09:30:00z, 2026-02-14T09:30:00.000Z",
        "2026-02-14T09:30:00.5Z, 2026-02-14T09:30:00.500Z",
        "2026-02-14T09:30:00.123999999999Z, 2026-02-14T09:30:00.123Z",
        "2026-02-14T09:30:00+01:00, 2026-02-14T08:30:00.000Z",
        "2026-02-14T09:30:00-05:30, 2026-02-14T15:00:00.000Z",
        "2026-02-14T09:30:00-00:00, 2026-02-14T09:30:00.000Z",
        "2026-02-14T09:30:00+23:59, 2026-02-13T09:31:00.000Z",
        "2026-02-14T09:30:00-23:59, 2026-02-15T09:29:00.000Z",
        "2026-01-01T00:30:00+01:00, 2025-12-31T23:30:00.000Z",
        "2024-02-29T00:00:00Z, 2024-02-29T00:00:00.000Z",
        "0000-01-01T00:00:00Z, 0000-01-01T00:00:00.000Z",
        "9999-12-31T23:59:59.999Z, 9999-12-31T23:59:59.999Z"
    })
    void a_time_of_any_offset_is_read_and_written_in_utc_with_milliseconds(String given, String written) {
        Instant read = Rfc3339.parse(given);

        assertThat(read).isNotNull();
        assertThat(Rfc3339.format(read)).isEqualTo(written);
        assertThat(Rfc3339.parse(written)).isEqualTo(read);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "now",
                "2026-02-14",
                "2026-02-14T09:30Z",
                "2026-02-14T09:30:00",
                "2026-02-14 09:30:00Z",
                "2026-02-14T09:30:00.Z",
                "2026-02-14T09:30:00,5Z",
                "2026-02-14T09:30:00+0100",
                "2026-02-14T09:30:00+01",
                "2026-02-14T09:30:00+25:00",
                "2026-02-14T09:30:00+24:00",
                "2026-02-14T09:30:00+01:60",
                "2026-02-30T09:30:00Z",
                "2026-13-01T09:30:00Z",
                "2026-02-14T24:00:00Z",
                "2026-02-14T09:60:00Z",
                "2026-02-14T09:30:61Z",
                "+12026-02-14T09:30:00Z",
                "-0001-02-14T09:30:00Z",
                " 2026-02-14T09:30:00Z",
                "2026-02-14T09:30:00Z\n",
                "٢٠٢٦-02-14T09:30:00Z",
                "0000-01-01T00:00:00+01:00",
                "9999-12-31T23:59:59-01:00"
            })
    void what_is_no_time_is_none(String text) {
        assertThat(Rfc3339.parse(text)).isNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"2026-02-14T09:30:00.123999Z", "2026-02-14T09:30:00.123Z"})
    void what_is_finer_than_a_millisecond_is_not_written(String time) {
        assertThat(Rfc3339.format(Instant.parse(time))).isEqualTo("2026-02-14T09:30:00.123Z");
    }
}
