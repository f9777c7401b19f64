package issueledger.events;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import issueledger.events.InvalidValue.Offence;
import issueledger.events.IssueEvent.IssueFixed;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

class WaiversTest {
    private static final Waiver TESTS = new Waiver(Requirement.TESTS, "flaky");
    private static final Waiver PHASES = new Waiver(Requirement.PHASES, "no time");

    @Test
    void waivers_may_come_in_a_list_that_cannot_hold_null() {
        assertThat(new IssueFixed("1.0", null, List.of(TESTS, PHASES)).waivers())
                .containsExactly(TESTS, PHASES);
    }

    @Test
    void a_null_among_them_is_an_offence_at_its_place() {
        assertOffences(Arrays.asList(TESTS, null), "/waivers/1");
    }

    @Test
    void a_requirement_waived_twice_is_an_offence_at_its_second_place() {
        assertOffences(List.of(TESTS, PHASES, TESTS), "/waivers/2/requirement");
    }

    @Test
    void there_are_at_most_four() {
        assertOffences(
                Collections.nCopies(5, TESTS),
                "/waivers",
                "/waivers/1/requirement",
                "/waivers/2/requirement",
                "/waivers/3/requirement",
                "/waivers/4/requirement");
    }

    private static void assertOffences(List<Waiver> waivers, String... pointers) {
        assertThatThrownBy(() -> new IssueFixed("1.0", null, waivers))
                .asInstanceOf(type(InvalidValue.class))
                .extracting(e -> e.offences().stream().map(Offence::pointer).toList())
                .isEqualTo(List.of(pointers));
    }
}
