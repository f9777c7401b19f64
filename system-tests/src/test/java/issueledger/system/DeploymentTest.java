package issueledger.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import issueledger.mongo.PythonEnvironment;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The manifests of deploy/ against Kubernetes' own schemas, which kubernetes-validate brings along. */
@Tag("full")
class DeploymentTest {

    @Test
    void the_manifests_are_valid_by_the_schemas_of_kubernetes() {
        assumeTrue(PythonEnvironment.isPossible(), "skipped: there is no Python with venv");
        PythonEnvironment python =
                PythonEnvironment.with("kubernetes-validate", "kubernetes-validate==1.37.0", "setuptools==80.9.0");
        String said = PythonEnvironment.run(List.of(
                python.program("kubernetes-validate").toString(),
                "--strict",
                Ledger.home().resolve("deploy/kubernetes.yaml").toString(),
                Ledger.home().resolve("deploy/kubernetes-embedded.yaml").toString()));
        assertThat(said)
                .contains("passed for resource deployment/issue-ledger-command")
                .contains("passed for resource deployment/issue-ledger-query")
                .contains("passed for resource statefulset/issue-ledger")
                .doesNotContain("ERROR");
    }
}
