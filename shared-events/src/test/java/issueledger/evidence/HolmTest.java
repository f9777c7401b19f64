package issueledger.evidence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class HolmTest {
    @Test
    void the_smallest_p_counts_as_often_as_there_are_and_each_next_one_time_less() {
        assertThat(Holm.corrected(new double[] {0.01, 0.04, 0.03, 0.005}))
                .containsExactly(new double[] {0.03, 0.06, 0.06, 0.02}, within(1e-12));
        assertThat(Holm.corrected(new double[] {0.5, 0.9, 0.4})).containsExactly(new double[] {1, 1, 1}, within(1e-12));
        assertThat(Holm.corrected(new double[] {0.02})).containsExactly(0.02);
        assertThat(Holm.corrected(new double[0])).isEmpty();
    }
}
