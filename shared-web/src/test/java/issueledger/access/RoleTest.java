package issueledger.access;

import static issueledger.access.Role.ENGINEER;
import static issueledger.access.Role.REPORTER;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class RoleTest {

    @Test
    void several_roles_add_up() {
        assertThat(Role.in(Map.of("roles", List.of("reporter", "engineer")), "roles"))
                .containsExactlyInAnyOrder(REPORTER, ENGINEER);
    }

    @Test
    void a_dotted_path_leads_into_objects() {
        assertThat(Role.in(Map.of("realm_access", Map.of("roles", List.of("engineer"))), "realm_access.roles"))
                .containsExactly(ENGINEER);
    }

    @Test
    void a_claim_may_have_dots_in_its_name() {
        assertThat(Role.in(Map.of("https://ledger.example/roles", List.of("engineer")), "https://ledger.example/roles"))
                .containsExactly(ENGINEER);
    }

    @Test
    void one_string_may_hold_several_roles() {
        assertThat(Role.in(Map.of("scope", "openid reporter engineer"), "scope"))
                .containsExactlyInAnyOrder(REPORTER, ENGINEER);
        assertThat(Role.in(Map.of("role", "engineer"), "role")).containsExactly(ENGINEER);
    }

    @Test
    void what_is_no_role_gives_nothing() {
        for (Object claim : Arrays.<Object>asList(
                List.of("admin", "ENGINEER", " engineer", "engineers", 7, Map.of("engineer", true)),
                List.of(List.of("engineer")),
                Map.of("engineer", true),
                "ENGINEER",
                7,
                true,
                null)) {
            Map<String, Object> claims = new java.util.HashMap<>();
            claims.put("roles", claim);
            assertThat(Role.in(claims, "roles")).as("%s", claim).isEmpty();
        }
        assertThat(Role.in(Map.of(), "roles")).isEmpty();
        assertThat(Role.in(Map.of("realm_access", "engineer"), "realm_access.roles"))
                .isEmpty();
    }

    @Test
    void a_reporter_opens_and_takes_notes_and_an_engineer_does_everything() {
        Caller reporter = new Caller("rita", Set.of(REPORTER));
        assertThat(reporter.mayCommand("open-issue")).isTrue();
        assertThat(reporter.mayCommand("record-note")).isTrue();
        assertThat(reporter.mayCommand("close")).isFalse();
        assertThat(new Caller("emil", Set.of(ENGINEER)).mayCommand("close")).isTrue();
        assertThat(new Caller("olga", Set.of(Role.OPERATOR, Role.ANALYST, Role.AUDITOR)).mayCommand("open-issue"))
                .isFalse();
        assertThat(new Caller("nils", Set.of()).mayCommand("open-issue")).isFalse();
    }
}
