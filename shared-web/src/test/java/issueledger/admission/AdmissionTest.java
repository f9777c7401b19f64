package issueledger.admission;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import issueledger.admission.Traffic.Lane;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class AdmissionTest {
    private static final int MEBIBYTE = 1024 * 1024;

    private final AtomicLong clock = new AtomicLong();
    private final Admission admission = new Admission(400L * MEBIBYTE, MEBIBYTE / 2, MEBIBYTE, false, clock::get);

    private void shedFor(Duration time) {
        for (Duration passed = Duration.ZERO; passed.compareTo(time) < 0; passed = passed.plusSeconds(1)) {
            clock.addAndGet(Duration.ofSeconds(1).toNanos());
            Turns singles = admission.turns(Lane.SINGLE);
            while (singles.hasPlace()) {
                singles.take("a", Duration.ZERO, true, false);
            }
            catchThrowableOfType(Overloaded.class, () -> singles.take("a", Duration.ZERO, true, false));
        }
    }

    @Test
    void the_heap_says_how_many_connections_and_requests_there_may_be() {
        assertThat(admission.connections()).isEqualTo(2_560);
        assertThat(admission.turns(Lane.LONG).limit()).isEqualTo(50);
        assertThat(admission.turns(Lane.SINGLE).limit()).isEqualTo(16); // It begins low, whatever the heap holds.
    }

    @Test
    void a_short_overload_is_no_reason_to_send_requests_elsewhere() {
        shedFor(Duration.ofSeconds(29));
        assertThat(admission.isLastinglyOverloaded()).isFalse();
    }

    @Test
    void an_overload_that_lasts_is_one_until_it_has_been_over_for_a_while() {
        shedFor(Duration.ofSeconds(35));
        assertThat(admission.isLastinglyOverloaded()).isTrue();
        clock.addAndGet(Duration.ofSeconds(3).toNanos());
        assertThat(admission.isLastinglyOverloaded()).isFalse();
    }

    @Test
    void two_overloads_with_a_pause_between_them_do_not_last() {
        shedFor(Duration.ofSeconds(20));
        clock.addAndGet(Duration.ofSeconds(5).toNanos());
        shedFor(Duration.ofSeconds(20));
        assertThat(admission.isLastinglyOverloaded()).isFalse();
    }
}
