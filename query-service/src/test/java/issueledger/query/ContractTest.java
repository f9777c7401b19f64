package issueledger.query;

import issueledger.http.EveryPath;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerMapping;

/** The service has the paths that docs/api.md names and does not mark as planned. */
class ContractTest extends QueryServiceTest {
    @Autowired
    private RequestMappingHandlerMapping requestMappingHandlerMapping;

    @Test
    void every_path_stands_in_the_tables_of_requests() {
        EveryPath.standsInTheContract(
                requestMappingHandlerMapping,
                "Queries (query-service",
                Set.of(
                        "/problems",
                        "/problems/{name}",
                        "/template",
                        "/v3/api-docs",
                        "/v3/api-docs.yaml",
                        "/swagger-ui.html"));
    }
}
