package issueledger.web;

import static java.util.stream.Collectors.toCollection;
import static org.assertj.core.api.Assertions.assertThat;

import issueledger.http.Contract;
import issueledger.http.EveryPath;
import issueledger.http.ProblemPages;
import issueledger.issue.IssueCommand;
import issueledger.issue.Reason;
import issueledger.startup.Variable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerMapping;

/** The code has exactly the names of docs/api.md and docs/commands.md, without those marked as planned. */
class ContractTest extends OverHttp {
    @Autowired
    private RequestMappingHandlerMapping requestMappingHandlerMapping;

    @Autowired
    private ProblemPages pages;

    @Test
    void every_command_stands_in_the_table_of_commands() {
        Set<String> documented = Contract.names(Contract.section("commands.md", "Commands"), "(?m)^\\| ([A-Z]\\w+)");
        Set<String> coded =
                IssueCommand.BY_NAME.values().stream().map(Class::getSimpleName).collect(Collectors.toSet());
        assertThat(coded).containsExactlyInAnyOrderElementsOf(documented);
    }

    @Test
    void every_reason_code_stands_in_the_table_of_reason_codes() {
        String section = Contract.section("commands.md", "Reason codes");
        Set<String> documented = new TreeSet<>();
        section.lines()
                .filter(line -> line.matches("\\| [A-Z_]+[, ].*"))
                .forEach(line -> documented.addAll(Contract.names(line.split(" \\| ")[0] + " ", "([A-Z]+_[A-Z_]+)")));
        Set<String> coded = Arrays.stream(Reason.values()).map(Enum::name).collect(Collectors.toSet());
        assertThat(coded).containsExactlyInAnyOrderElementsOf(documented);
    }

    @Test
    void every_problem_type_stands_in_the_table_of_errors() {
        Set<String> documented = Contract.names(Contract.section("api.md", "Errors"), "`/problems/([a-z-]+)`");
        Set<String> coded = pages.names().stream()
                .filter(name -> Character.isLowerCase(name.charAt(0)))
                .collect(Collectors.toSet());
        assertThat(coded).containsExactlyInAnyOrderElementsOf(documented);
    }

    @Test
    void every_variable_stands_in_the_table_of_the_configuration() throws IOException {
        String whole = Files.readString(Path.of("..", "docs", "api.md")).replace(" " + Contract.PLANNED, "");
        String section = whole.substring(whole.indexOf("\n## Configuration"));
        Set<String> documented = new TreeSet<>(); // With the planned ones, which are known names already.
        section.lines()
                .filter(line -> line.startsWith("| `"))
                .forEach(line -> documented.addAll(Contract.names(line.split(" \\| ")[0], "`(ISSUE_LEDGER_\\w+)`")));
        Set<String> known = Arrays.stream(Variable.values())
                .filter(variable -> variable != Variable.DEMO)
                .map(Variable::variable)
                .collect(toCollection(TreeSet::new));
        assertThat(documented).containsExactlyInAnyOrderElementsOf(known);
        for (String file : List.of(
                "run",
                "README.md",
                "docker-compose.yml",
                "Dockerfile",
                "deploy/kubernetes.yaml",
                "shared-web/src/main/resources/issue-ledger.yaml",
                "command-service/src/main/resources/application.yaml",
                "query-service/src/main/resources/application.yaml")) {
            Set<String> used =
                    Contract.names(Files.readString(Path.of("..", file)), "(ISSUE_LEDGER_(?!TEST_)[A-Z_]*[A-Z])");
            used.remove(Variable.DEMO.variable()); // How ./run --demo tells the command service; not for anybody else.
            assertThat(known).as(file).containsAll(used);
        }
    }

    @Test
    void every_path_stands_in_the_tables_of_requests() {
        EveryPath.standsInTheContract(
                requestMappingHandlerMapping,
                "Commands (command-service",
                Set.of(
                        "/problems",
                        "/problems/{name}",
                        "/template",
                        "/v3/api-docs",
                        "/v3/api-docs.yaml",
                        "/swagger-ui.html"));
    }
}
