package issueledger.projections;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class HeapGuardTest {

    @Test
    void a_heap_with_room_is_no_shortage() {
        assertThat(new HeapGuard(Long.MAX_VALUE).shortage()).isEmpty();
    }

    @Test
    void a_heap_that_what_is_alive_fills_is_one_and_says_what_to_do() {
        byte[] alive = new byte[1024 * 1024];

        assertThat(new HeapGuard(alive.length).shortage().orElseThrow())
                .startsWith("the views take ")
                .endsWith(" MiB of heap: set ISSUE_LEDGER_HEAP_MB higher and start again");
        assertThat(alive).isNotEmpty();
    }
}
