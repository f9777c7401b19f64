package issueledger.web;

import issueledger.http.ServiceUrl;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Makes the address of the query service from its variables. */
@Configuration(proxyBeanMethods = false)
class QueryServiceUrl {

    @Bean
    ServiceUrl queries(@Value("${issue-ledger.query-url}") String url, @Value("${issue-ledger.query-port}") int port) {
        return ServiceUrl.of("ISSUE_LEDGER_QUERY_URL", url, port);
    }
}
