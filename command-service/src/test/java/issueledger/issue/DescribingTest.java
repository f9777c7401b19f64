package issueledger.issue;

import static issueledger.events.IssueExamples.description;
import static issueledger.events.IssueExamples.impact;
import static issueledger.events.IssueExamples.opened;
import static issueledger.events.IssueExamples.revised;
import static issueledger.events.IssueExamples.rootCause;
import static issueledger.events.IssueExamples.solution;
import static issueledger.events.IssueExamples.standing;
import static issueledger.events.IssueExamples.strategy;
import static issueledger.events.Severity.CRITICAL;
import static issueledger.events.Severity.HIGH;
import static issueledger.issue.IssueScenario.given;
import static org.assertj.core.api.Assertions.assertThat;

import issueledger.events.AffectedUsers;
import issueledger.events.IssueEvent.ImpactAssessed;
import issueledger.events.Status;
import issueledger.issue.IssueCommand.AssessImpact;
import issueledger.issue.IssueCommand.DefineTestingStrategy;
import issueledger.issue.IssueCommand.OpenIssue;
import issueledger.issue.IssueCommand.ProposeSolution;
import issueledger.issue.IssueCommand.RecordRootCause;
import issueledger.issue.IssueCommand.ReviseDescription;
import java.math.BigDecimal;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Description, root cause, impact, solution and testing strategy. */
class DescribingTest {

    @Test
    void an_issue_is_opened() {
        given().when(new OpenIssue(null, opened("api"))).then(opened("api"));
    }

    @Test
    void an_id_in_use_is_refused_even_if_all_is_the_same() {
        given(opened()).when(new OpenIssue("slow-orders", opened())).refused(Reason.ISSUE_EXISTS);
    }

    @Test
    void an_issue_that_was_not_opened_has_no_status_to_tell() {
        assertThat(IssueState.NONE.version()).isZero();
        assertThat(given(opened()).state().version()).isEqualTo(1);
        assertThat(given(opened()).state().status()).isEqualTo(Status.OPEN);
    }

    @Test
    void a_title_is_revised_alone() {
        given(opened())
                .when(new ReviseDescription(revised("Orders crawl", null)))
                .then(revised("Orders crawl", null))
                .when(new ReviseDescription(revised("Orders crawl", description("It takes 5 s."))))
                .stayedQuiet();
    }

    @Test
    void a_description_is_revised_alone_and_as_a_whole() {
        given(opened())
                .when(new ReviseDescription(revised(null, description("It takes 9 s."))))
                .then(revised(null, description("It takes 9 s.")))
                .when(new ReviseDescription(revised("Orders are slow", description("It takes 9 s."))))
                .stayedQuiet();
    }

    @Test
    void a_revision_keeps_what_was_given_where_only_a_part_is_new() {
        given(opened())
                .when(new ReviseDescription(revised("Orders are slow", description("It takes 9 s."))))
                .then(revised("Orders are slow", description("It takes 9 s.")));
    }

    @Test
    void a_revision_that_says_what_stands_changes_nothing() {
        given(opened())
                .when(new ReviseDescription(revised("Orders are slow", null)))
                .stayedQuiet()
                .when(new ReviseDescription(revised(null, description("It takes 5 s."))))
                .stayedQuiet();
    }

    @Test
    void a_first_root_cause_needs_no_reason() {
        given(opened()).when(new RecordRootCause(rootCause("N+1 queries"))).then(rootCause("N+1 queries"));
    }

    @Test
    void a_root_cause_is_replaced_with_a_reason() {
        given(opened(), rootCause("N+1 queries"))
                .because("the profile says so")
                .when(new RecordRootCause(rootCause("A lock")))
                .then(rootCause("A lock"));
    }

    @Test
    void a_root_cause_is_not_replaced_without_a_reason() {
        given(opened(), rootCause("N+1 queries"))
                .when(new RecordRootCause(rootCause("A lock")))
                .refused(Reason.REASON_REQUIRED);
    }

    @Test
    void the_same_root_cause_needs_no_reason_and_changes_nothing() {
        given(opened(), rootCause("N+1 queries"))
                .when(new RecordRootCause(rootCause("N+1 queries")))
                .stayedQuiet();
    }

    @Test
    void the_status_refuses_even_what_would_change_nothing() {
        given(standing(Status.CLOSED))
                .and(rootCause("N+1 queries"))
                .when(new RecordRootCause(rootCause("N+1 queries")))
                .refused(Reason.WRONG_STATUS);
    }

    @Test
    void an_impact_is_assessed_and_assessed_anew() {
        given(opened())
                .when(new AssessImpact(impact(HIGH)))
                .then(impact(HIGH))
                .when(new AssessImpact(impact(CRITICAL)))
                .then(impact(CRITICAL));
    }

    @Test
    void the_same_impact_changes_nothing_and_15_percent_are_15_point_0() {
        given(opened(), hitting("15"))
                .when(new AssessImpact(hitting("15.0")))
                .stayedQuiet()
                .when(new AssessImpact(hitting("15.1")))
                .then(hitting("15.1"));
    }

    @Test
    void affected_users_of_whom_nothing_is_said_are_not_the_same_as_none_given() {
        ImpactAssessed nothingSaid = new ImpactAssessed(HIGH, new AffectedUsers(null, null, null), null, List.of());
        given(opened(), impact(HIGH)).when(new AssessImpact(nothingSaid)).then(nothingSaid);
    }

    private static ImpactAssessed hitting(String percentage) {
        return new ImpactAssessed(
                HIGH, new AffectedUsers("buyers", new BigDecimal(percentage), 1_200L), null, List.of());
    }

    @Test
    void a_solution_is_proposed_and_replaced() {
        given(opened())
                .when(new ProposeSolution(solution("Cache")))
                .then(solution("Cache"))
                .when(new ProposeSolution(solution("Index")))
                .then(solution("Index"));
    }

    @Test
    void the_same_solution_changes_nothing() {
        given(opened(), solution("Cache"))
                .when(new ProposeSolution(solution("Cache")))
                .stayedQuiet();
    }

    @Test
    void a_testing_strategy_is_defined_and_replaced() {
        given(opened())
                .when(new DefineTestingStrategy(strategy("repository")))
                .then(strategy("repository"))
                .when(new DefineTestingStrategy(strategy("controller")))
                .then(strategy("controller"));
    }

    @Test
    void the_same_testing_strategy_changes_nothing() {
        given(opened(), strategy("repository"))
                .when(new DefineTestingStrategy(strategy("repository")))
                .stayedQuiet();
    }
}
