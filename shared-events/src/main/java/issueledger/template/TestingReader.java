package issueledger.template;

import issueledger.events.IssueEvent.TestingStrategyDefined;
import java.util.List;
import org.jspecify.annotations.Nullable;

final class TestingReader extends SectionReader {
    TestingReader(Markdown document, Remarks remarks) {
        super(Section.TESTING, document, remarks);
    }

    @Nullable
    TestingStrategyDefined strategy() {
        List<String> unit = all(Label.UNIT_TESTS);
        List<String> integration = all(Label.INTEGRATION_TESTS);
        List<String> performance = all(Label.PERFORMANCE_TESTS);
        List<String> regression = all(Label.REGRESSION_TESTS);
        return unit.isEmpty() && integration.isEmpty() && performance.isEmpty() && regression.isEmpty()
                ? null
                : new TestingStrategyDefined(unit, integration, performance, regression);
    }
}
