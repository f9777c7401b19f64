package issueledger.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ProblemTest {
    /** Map.of has an order by chance, another one in each process: with these names it held in one of 32. */
    @ParameterizedTest
    @ValueSource(strings = {"pointer", "line", "parameter", "header", "field"})
    void an_error_names_its_place_before_what_is_wrong_in_every_process(String kind) {
        Problem problem = Problem.malformed("It is.").at(kind, 7, "is wrong");

        Map<?, ?> error = (Map<?, ?>) ((List<?>) problem.members().get("errors")).get(0);
        assertThat(new ArrayList<Object>(error.keySet())).isEqualTo(List.of(kind, "detail"));
        assertThat(error.get(kind)).isEqualTo(7);
    }
}
