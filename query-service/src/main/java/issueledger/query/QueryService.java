package issueledger.query;

import issueledger.access.Callers;
import issueledger.admission.AdmissionConfiguration;
import issueledger.axon.EventLogConfiguration;
import issueledger.http.HttpConfiguration;
import issueledger.monitoring.MonitoringConfiguration;
import issueledger.openapi.OpenApiConfiguration;
import issueledger.openapi.queries.QueryDocument;
import issueledger.refusals.RefusalsConfiguration;
import issueledger.startup.Version;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.context.annotation.Import;

/** The query service: folds events into views and answers queries from views and log. */
@SpringBootApplication(
        scanBasePackages = {
            "issueledger.projections",
            "issueledger.issues",
            "issueledger.timeline",
            "issueledger.metrics",
            "issueledger.diff",
            "issueledger.history",
            "issueledger.stream",
            "issueledger.audit",
            "issueledger.analytics",
            "issueledger.tlog",
            "issueledger.page"
        })
@Import({
    EventLogConfiguration.class,
    HttpConfiguration.class,
    AdmissionConfiguration.class,
    MonitoringConfiguration.class,
    QueryTraffic.class,
    RefusalsConfiguration.class,
    QueryAccess.class,
    Callers.class,
    OpenApiConfiguration.class,
    QueryDocument.class
})
public class QueryService {

    public static void main(String[] args) {
        if (Version.isAskedFor(args)) {
            System.out.println("Issue Ledger, query-service: " + Version.TEXT);
            return;
        }
        // Axon's update check and advertisement are off: the service makes no outgoing calls of its own.
        System.setProperty("axoniq.update-checker.disabled", "true");
        System.setProperty("disable-axoniq-console-message", "true");
        SpringApplication.run(QueryService.class, args);
    }
}
